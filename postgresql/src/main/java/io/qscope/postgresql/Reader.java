package io.qscope.postgresql;

import io.qscope.engine.Listening;
import io.qscope.sql.SqlRead;
import io.vertx.core.AsyncResult;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection that reads are sent down one behind the other, without waiting for answers. */
final class Reader extends Link {

    /** Enough to keep a server busy over any distance, few enough that a slow one holds up few. */
    static final int MOST_UNDER_WAY = 256;

    /** For how long a server is trusted to be still the primary. */
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PostgresqlEngine engine;
    private final int mostUnderWay;
    private final ArrayDeque<Waiting<SqlRead<?, ?>>> underWay = new ArrayDeque<>();

    private long lookedAt;

    /**
     * Without a connection.
     *
     * @param mostUnderWay how many reads may be on their way at once
     */
    Reader(PostgresqlEngine engine, Servers servers, Runnable ready, int mostUnderWay) {
        super(servers, ready);
        this.engine = engine;
        this.mostUnderWay = mostUnderWay;
    }

    int underWay() {
        return underWay.size();
    }

    @Override
    boolean hasRoom() {
        return isUp() && underWay.size() < mostUnderWay;
    }

    @Override
    boolean isOverdue(long now) {
        Waiting<SqlRead<?, ?>> first = underWay.peek();
        return first != null && first.isOverdue(now);
    }

    @Override
    void opened() {
        // Nobody is connected to that does not take writes.
        lookedAt = System.nanoTime();
    }

    void send(Waiting<SqlRead<?, ?>> waiting) {
        Tuple parameters;
        try {
            parameters = Texts.parameters(waiting.call().query().parameters());
        } catch (Texts.Unencodable unencodable) {
            engine.fail(waiting, waiting.call().future(), waiting.call().rayId(), unencodable, false);
            return;
        }
        PgConnection used = connection();
        look(used);
        underWay.add(waiting);
        Listening.takenUp(waiting.call().future(), underWay.size());
        statements()
                .run(engine.texts().plain(waiting.call().query().text()), parameters)
                .onComplete(done -> answered(used, waiting, done));
    }

    /**
     * Asks now and then whether the server is the primary still: nothing else tells a storage that only reads. The question goes
     * ahead of a read, so what an old primary answers to that read is not taken any more.
     */
    private void look(PgConnection used) {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        lookedAt = now;
        used.query(ServerState.TAKES_WRITES).execute().onSuccess(rows -> {
            if (isStill(used) && !rows.iterator().next().getBoolean(0)) {
                engine.leaveReadOnly();
            }
        });
    }

    private void answered(PgConnection used, Waiting<SqlRead<?, ?>> waiting, AsyncResult<RowSet<Row>> done) {
        if (!isStill(used)) {
            // It was lost before, and its calls with it.
            return;
        }
        if (done.failed() && Failures.endsConnection(done.cause())) {
            drop(used, done.cause());
            return;
        }
        underWay.remove(waiting);
        if (done.succeeded()) {
            answer(waiting, waiting.call(), done.result());
        } else {
            engine.fail(waiting, waiting.call().future(), waiting.call().rayId(), done.cause(), false);
        }
        engine.work();
    }

    private <T, R> void answer(Waiting<?> waiting, SqlRead<T, R> read, RowSet<Row> rows) {
        try {
            R answer = read.answer().apply(ResultRow.all(rows, 0, read.query().mapper()));
            engine.outbox().answer(waiting.caller(), read.future(), answer);
        } catch (RuntimeException e) {
            engine.fail(waiting, read.future(), read.rayId(), Failures.insteadOfAnswer(e), false);
        }
    }

    /** Reading changes nothing: what was not answered is asked again on another connection, until its time is over. */
    @Override
    void lost(Throwable why) {
        List<Waiting<SqlRead<?, ?>>> unanswered = new ArrayList<>(underWay);
        underWay.clear();
        engine.readAgain(unanswered, why);
    }
}
