package io.qscope.postgresql;

import io.qscope.engine.Listening;
import io.qscope.key.KeyRing;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.store.StorageException;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that units are written on, one transaction at a time.
 *
 * <p>Units that waited together are sent as a whole, from BEGIN to COMMIT, without waiting for an answer: {@link WholeUnits}. Most
 * succeed so. When one of them touched nothing or was refused, the server has undone all of them, and each half is sent anew; a
 * single unit is then {@linkplain Dialogue run again} a statement at a time, to learn why.
 */
final class Lane extends Link {

    /** How often a unit is run that others keep getting in the way of. */
    private static final int MOST_TRIES = 10;

    private static final int LONGEST_PAUSE_MILLIS = 20;

    /**
     * The server gives a group no less time, however little one of them has left: it would be taken from its neighbours. Less than
     * what a call may be answered later than its time.
     */
    private static final long LEAST_OF_A_GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Dispatch dispatch;
    private final Servers servers;
    private final @Nullable Supplier<KeyRing> keys;
    private LaneSession session;

    /** What was sent, or is to be sent again after a pause. */
    private List<Waiting<SqlUnit<?>>> underWay = List.of();

    /** What is to be sent after it: parts of a group that did not come through as a whole. */
    private final ArrayDeque<List<Waiting<SqlUnit<?>>>> turns = new ArrayDeque<>();

    /** Whether what is under way was handed out as a group, and so waits for no rows that others hold. */
    private boolean hurried;

    private boolean cameThroughWhole;

    /** Whether what is under way may be committed before it is answered. */
    private boolean committing;

    private int tries;
    private long lastUsed;

    Lane(Dispatch dispatch, Servers servers, @Nullable Supplier<KeyRing> keys, Runnable ready) {
        super(servers, ready);
        this.dispatch = dispatch;
        this.servers = servers;
        this.keys = keys;
        this.session = new LaneSession(keys);
    }

    @Override
    boolean hasRoom() {
        return isUp() && !isBusy();
    }

    boolean isBusy() {
        return !underWay.isEmpty() || !turns.isEmpty();
    }

    /** How many units it has been given that are not through. */
    int underWay() {
        return underWay.size() + turns.stream().mapToInt(List::size).sum();
    }

    /** The later, the sooner it is used again: few calls then make few chains. */
    long lastUsed() {
        return lastUsed;
    }

    @Override
    boolean isOverdue(long now) {
        return underWay.stream().anyMatch(unit -> unit.isOverdue(now));
    }

    /** A chain of the audit log goes with its connection: nobody can say whether what was sent down it is still to happen. */
    @Override
    void opened() {
        session = new LaneSession(keys);
    }

    /** Writes units that have nothing to do with each other. */
    void write(List<Waiting<SqlUnit<?>>> units) {
        units.forEach(unit -> Listening.takenUp(unit.call().future(), units.size()));
        lastUsed = System.nanoTime();
        turns.add(units);
        hurried = units.size() > 1;
        cameThroughWhole = true;
        whileStill(connection(), this::runNext);
    }

    private void runNext() {
        List<Waiting<SqlUnit<?>>> units = nextInTime();
        tries = 0;
        underWay = units;
        if (units.isEmpty()) {
            // One by itself that fails makes nobody's group smaller, and lets none grow.
            if (hurried || cameThroughWhole) {
                dispatch.units().cameThrough(cameThroughWhole);
            }
            dispatch.work();
            return;
        }
        if (units.get(0).company() == Waiting.Company.DIALOGUE) {
            talk();
        } else {
            run();
        }
    }

    /** The next part of what is to be sent; whose time is over meanwhile is answered instead. None: that was all. */
    private List<Waiting<SqlUnit<?>>> nextInTime() {
        while (!turns.isEmpty()) {
            long now = System.nanoTime();
            List<Waiting<SqlUnit<?>>> inTime = new ArrayList<>();
            for (Waiting<SqlUnit<?>> unit : turns.remove()) {
                if (unit.isOverdue(now)) {
                    dispatch.units().release(unit.call());
                    dispatch.failLate(unit);
                } else {
                    inTime.add(unit);
                }
            }
            if (!inTime.isEmpty()) {
                return inTime;
            }
        }
        return List.of();
    }

    private void run() {
        tries++;
        List<SqlUnit<?>> units = units();
        if (!WholeUnits.canBe(units, session)) {
            if (units.size() > 1) {
                // The first opens the chain.
                runInParts(1);
            } else {
                talk();
            }
            return;
        }
        WholeUnits whole;
        try {
            whole = WholeUnits.of(units, session, dispatch.texts(), begin());
        } catch (StorageException e) {
            unsealed(e);
            return;
        } catch (Throwable e) {
            oneFailed(Failures.thrown(e));
            return;
        }
        PgConnection used = connection();
        committing = false;
        statements()
                .prepare(whole.texts())
                .onComplete(prepared -> whileStill(used, () -> {
                    if (prepared.succeeded()) {
                        send(whole);
                    } else {
                        failed(new Failures.Known(prepared.cause()));
                    }
                }));
    }

    private void send(WholeUnits whole) {
        PgConnection used = connection();
        committing = true;
        whole.send(used, statements())
                .onComplete(done -> whileStill(used, () -> {
                    if (done.succeeded()) {
                        answer(done.result());
                    } else if (done.cause() instanceof WholeUnits.Refused) {
                        refused();
                    } else {
                        failed(done.cause());
                    }
                }));
    }

    private void refused() {
        cameThroughWhole = false;
        if (underWay.size() > 1) {
            runInParts(underWay.size() / 2);
        } else {
            talk();
        }
    }

    /** There is no key to chain entries of the audit log by: units that have one fail, and the others go on. */
    private void unsealed(StorageException why) {
        List<Waiting<SqlUnit<?>>> others = new ArrayList<>();
        for (Waiting<SqlUnit<?>> unit : underWay) {
            if (WholeUnits.hasEntries(unit.call())) {
                fail(unit, why, false);
            } else {
                others.add(unit);
            }
        }
        if (!others.isEmpty()) {
            turns.addFirst(others);
        }
        runNext();
    }

    /** Nothing of what is under way was applied: it is sent anew in two parts. */
    private void runInParts(int first) {
        turns.addFirst(underWay.subList(first, underWay.size()));
        turns.addFirst(underWay.subList(0, first));
        runNext();
    }

    /** Runs the unit a statement at a time. */
    private void talk() {
        PgConnection used = connection();
        committing = false;
        Dialogue dialogue = new Dialogue(used, session, dispatch.texts(), begin(), () -> committing = true);
        dialogue.run(underWay.get(0).call())
                .onComplete(done -> whileStill(used, () -> {
                    if (done.succeeded()) {
                        answer(List.of(new WholeUnits.Result.Ended(done.result())));
                    } else {
                        failed(done.cause());
                    }
                }));
    }

    private void answer(List<WholeUnits.Result> results) {
        List<Waiting<SqlUnit<?>>> units = underWay;
        if (!hurried && results.get(0) instanceof WholeUnits.Result.Lost) {
            talk();
            return;
        }
        List<Waiting<SqlUnit<?>>> lost = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            if (results.get(i) instanceof WholeUnits.Result.Lost) {
                lost.add(units.get(i).in(Waiting.Company.DIALOGUE));
            } else {
                answer(units.get(i), units.get(i).call(), results.get(i));
            }
        }
        underWay = List.of();
        // Whichever connection is free finds out why.
        for (int i = lost.size() - 1; i >= 0; i--) {
            dispatch.units().putBack(lost.get(i));
        }
        runNext();
    }

    private <R> void answer(Waiting<SqlUnit<?>> waiting, SqlUnit<R> unit, WholeUnits.Result result) {
        if (result instanceof WholeUnits.Result.IsDamaged is) {
            fail(waiting, is.damage(), false);
        } else if (result instanceof WholeUnits.Result.Ended ended) {
            R answer;
            try {
                answer = unit.conclusion().apply(ended.end());
            } catch (Throwable e) {
                // Whatever becomes of the answer, what was committed is committed.
                fail(waiting, Failures.insteadOfAnswer(e), ended.end().keep());
                return;
            }
            dispatch.units().release(unit);
            dispatch.outbox().answer(waiting.caller(), unit.future(), answer);
        }
    }

    private void fail(Waiting<SqlUnit<?>> waiting, Throwable why, boolean outcomeUnknown) {
        dispatch.units().release(waiting.call());
        dispatch.fail(waiting, waiting.call().future(), waiting.call().rayId(), why, outcomeUnknown);
    }

    private void failed(Throwable failure) {
        if (!(failure instanceof Failures.Known known)) {
            drop(connection(), Failures.thrown(failure));
            return;
        }
        Throwable why = Failures.thrown(known.why());
        if (Failures.endsConnection(why)) {
            // Nothing of it was applied, so it is still to be done, on another connection.
            committing = false;
            drop(connection(), why);
            if (Failures.isReadOnly(why)) {
                dispatch.leaveReadOnly();
            }
        } else {
            oneFailed(why);
        }
    }

    /** Nothing of what is under way was applied, because of one of it, or of none: then it is no use to look for it. */
    private void oneFailed(Throwable why) {
        List<Waiting<SqlUnit<?>>> units = underWay;
        cameThroughWhole = false;
        if (units.size() > 1 && Failures.isOfOneCall(why)) {
            runInParts(units.size() / 2);
            return;
        }
        if (units.size() == 1 && hurried && Failures.isHeldUp(why)) {
            underWay = List.of();
            dispatch.units().putBack(units.get(0).in(Waiting.Company.NONE));
            runNext();
            return;
        }
        boolean again = tries < MOST_TRIES && !units.get(0).isOverdue(System.nanoTime());
        if (units.size() == 1 && again && Failures.isToBeRepeated(why)) {
            runLater();
        } else {
            units.forEach(unit -> fail(unit, why, false));
            runNext();
        }
    }

    /** After a moment, of another length for each of those that were in each other's way. */
    private void runLater() {
        PgConnection used = connection();
        committing = false;
        long pause = 1 + ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE_MILLIS, 1L << tries));
        servers.vertx().setTimer(pause, waited -> whileStill(used, this::run));
    }

    /** The server is to give up before this does. */
    private String begin() {
        long left = Long.MAX_VALUE;
        long now = System.nanoTime();
        for (Waiting<?> unit : underWay) {
            left = Math.min(left, unit.deadline() - now);
        }
        if (underWay.size() > 1) {
            left = Math.max(left, LEAST_OF_A_GROUP_NANOS);
        }
        return dispatch.begin(left) + (hurried ? WholeUnits.AND_HURRY : "");
    }

    private List<SqlUnit<?>> units() {
        List<SqlUnit<?>> units = new ArrayList<>(underWay.size());
        underWay.forEach(waiting -> units.add(waiting.call()));
        return units;
    }

    /** Nobody knows what became of units that were being committed; the others are still to be done, if that can be. */
    @Override
    void lost(Throwable why) {
        List<Waiting<SqlUnit<?>>> lost = underWay;
        boolean end = committing || why instanceof Failures.Broken;
        boolean unknown = committing;
        List<Waiting<SqlUnit<?>>> toBeDone = new ArrayList<>(end ? List.of() : lost);
        turns.forEach(toBeDone::addAll);
        underWay = List.of();
        turns.clear();
        dispatch.writeAgain(toBeDone, why);
        if (end) {
            lost.forEach(unit -> fail(unit, why, unknown));
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
        } catch (Throwable noKey) {
            // Nobody waits for it, and a chain that ends without it is no tampering.
            return Future.succeededFuture();
        }
        session.chain().committing();
        Future<?> sending = used.query(dispatch.texts().begin()).execute();
        for (SqlStep step : session.collected()) {
            String text = dispatch.texts().of(step, Texts.Form.behindBegin(step));
            sending = used.preparedQuery(text).execute(Texts.parameters(step.parameters()));
        }
        Future<?> committed = used.query("COMMIT").execute();
        return Future.join(sending, committed).onSuccess(done -> session.chain().committed());
    }
}
