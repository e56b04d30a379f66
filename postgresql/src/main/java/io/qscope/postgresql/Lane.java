package io.qscope.postgresql;

import io.qscope.engine.Listening;
import io.qscope.key.KeyRing;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlUnitRun;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that units are written on, one transaction at a time.
 *
 * <p>A unit is sent as a whole, from BEGIN to COMMIT, without waiting for an answer: {@link WholeUnit}. Most succeed so. When
 * something in it touched nothing or was refused, the server has undone all of it, and it is {@linkplain Dialogue run again} a
 * statement at a time, to learn why.
 */
final class Lane extends Link {

    /** How often a unit is run that others keep getting in the way of. */
    private static final int MOST_TRIES = 10;

    private static final int LONGEST_PAUSE_MILLIS = 20;

    private final PostgresqlEngine engine;
    private final Servers servers;
    private final @Nullable Supplier<KeyRing> keys;
    private LaneSession session;
    private @Nullable Waiting<SqlUnit<?>> underWay;

    /** Whether the unit under way may be committed before it is answered. */
    private boolean committing;

    private int tries;
    private long lastUsed;

    Lane(PostgresqlEngine engine, Servers servers, @Nullable Supplier<KeyRing> keys, Runnable ready) {
        super(servers, ready);
        this.engine = engine;
        this.servers = servers;
        this.keys = keys;
        this.session = new LaneSession(keys);
    }

    @Override
    boolean hasRoom() {
        return isUp() && underWay == null;
    }

    boolean isBusy() {
        return underWay != null;
    }

    /** The later, the sooner it is used again: few calls then make few chains. */
    long lastUsed() {
        return lastUsed;
    }

    @Override
    boolean isOverdue(long now) {
        return underWay != null && underWay.isOverdue(now);
    }

    /** A chain of the audit log goes with its connection: nobody can say whether what was sent down it is still to happen. */
    @Override
    void opened() {
        session = new LaneSession(keys);
    }

    void write(Waiting<SqlUnit<?>> unit) {
        Listening.takenUp(unit.call().future(), 1);
        underWay = unit;
        lastUsed = System.nanoTime();
        tries = 0;
        run();
    }

    private void run() {
        tries++;
        Waiting<SqlUnit<?>> waiting = unit();
        if (!WholeUnit.canBe(waiting.call(), session)) {
            talk();
            return;
        }
        WholeUnit whole;
        try {
            whole = WholeUnit.of(waiting.call(), session, engine.texts(), engine.begin(waiting));
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        PgConnection used = connection();
        committing = false;
        statements().prepare(whole.texts()).onComplete(prepared -> {
            if (isStill(used)) {
                if (prepared.succeeded()) {
                    send(whole, waiting.call());
                } else {
                    failed(new Failures.Known(prepared.cause()));
                }
            }
        });
    }

    private void send(WholeUnit whole, SqlUnit<?> unit) {
        PgConnection used = connection();
        committing = true;
        whole.send(used, statements()).onComplete(done -> {
            if (isStill(used)) {
                if (done.succeeded()) {
                    answer(unit, done.result());
                } else if (done.cause() instanceof WholeUnit.Refused) {
                    talk();
                } else {
                    failed(done.cause());
                }
            }
        });
    }

    /** Runs the unit a statement at a time. */
    private void talk() {
        Waiting<SqlUnit<?>> waiting = unit();
        PgConnection used = connection();
        committing = false;
        Dialogue dialogue = new Dialogue(used, session, engine.texts(), engine.begin(waiting), () -> committing = true);
        dialogue.run(waiting.call()).onComplete(done -> {
            if (isStill(used)) {
                if (done.succeeded()) {
                    answer(waiting.call(), done.result());
                } else {
                    failed(done.cause());
                }
            }
        });
    }

    private <R> void answer(SqlUnit<R> unit, SqlUnitRun.End end) {
        Waiting<SqlUnit<?>> waiting = unit();
        underWay = null;
        R answer;
        try {
            answer = unit.conclusion().apply(end);
        } catch (RuntimeException e) {
            // Whatever becomes of the answer, what was committed is committed.
            engine.fail(waiting, unit.future(), unit.rayId(), Failures.insteadOfAnswer(e), end.keep());
            engine.work();
            return;
        }
        engine.outbox().answer(waiting.caller(), unit.future(), answer);
        engine.work();
    }

    private void failed(Throwable failure) {
        if (!(failure instanceof Failures.Known known)) {
            drop(connection(), failure);
            return;
        }
        Throwable why = known.why();
        Waiting<SqlUnit<?>> waiting = unit();
        boolean again = tries < MOST_TRIES && !waiting.isOverdue(System.nanoTime());
        if (Failures.endsConnection(why)) {
            // Nothing of it was applied, so it is still to be done, on another connection.
            underWay = null;
            engine.writeAgain(waiting, why);
            drop(connection(), why);
            if (Failures.isReadOnly(why)) {
                engine.leaveReadOnly();
            }
        } else if (again && Failures.isToBeRepeated(why)) {
            runLater();
        } else {
            fail(why);
        }
    }

    /** After a moment, of another length for each of those that were in each other's way. */
    private void runLater() {
        PgConnection used = connection();
        committing = false;
        long pause = 1 + ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE_MILLIS, 1L << tries));
        servers.vertx().setTimer(pause, waited -> {
            if (isStill(used)) {
                run();
            }
        });
    }

    private void fail(Throwable why) {
        Waiting<SqlUnit<?>> waiting = unit();
        underWay = null;
        engine.fail(waiting, waiting.call().future(), waiting.call().rayId(), why, false);
        engine.work();
    }

    private Waiting<SqlUnit<?>> unit() {
        if (underWay == null) {
            throw new IllegalStateException("no unit is under way");
        }
        return underWay;
    }

    /** Nobody knows what became of a unit that was being committed; one that was not, is still to be done. */
    @Override
    void lost(Throwable why) {
        Waiting<SqlUnit<?>> waiting = underWay;
        underWay = null;
        if (waiting != null && !committing) {
            engine.writeAgain(waiting, why);
        } else if (waiting != null) {
            engine.fail(waiting, waiting.call().future(), waiting.call().rayId(), why, true);
        }
    }

    /** Writes the last entry of the lane's chain, if it has one and nothing is under way. */
    Future<?> closeChain() {
        if (!hasRoom() || !session.chain().isOpen()) {
            return Future.succeededFuture();
        }
        PgConnection used = connection();
        session.collect();
        try {
            session.chain().begin();
            session.chain().close();
            session.chain().finish();
        } catch (RuntimeException noKey) {
            // Nobody waits for it, and a chain that ends without it is no tampering.
            return Future.succeededFuture();
        }
        session.chain().committing();
        Future<?> sending = used.query(engine.texts().begin()).execute();
        for (SqlStep step : session.collected()) {
            String text = engine.texts().of(step, WholeUnit.Form.behindBegin(step));
            sending = used.preparedQuery(text).execute(Texts.parameters(step.parameters()));
        }
        Future<?> committed = used.query("COMMIT").execute();
        return Future.join(sending, committed).onSuccess(done -> session.chain().committed());
    }
}
