package io.qscope.postgresql;

import io.qscope.sql.ConstraintViolation;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRow;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlUnitRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A transaction that is talked through, a statement at a time: each under a savepoint, so that a refused one undoes itself only. */
final class Dialogue {

    /**
     * Writes nothing but a note to the write-ahead log, so that its commit waits for a replica, and with that for all commits before
     * it. A repeat finds what the primary has, even what no replica has confirmed.
     */
    private static final String CONFIRM = "SELECT pg_logical_emit_message(true, 'qscope', '')";

    private final PgConnection connection;
    private final LaneSession session;
    private final Texts texts;
    private final String begin;
    private final Runnable committing;

    /**
     * Nothing is sent yet.
     *
     * @param begin as for {@link WholeUnits#of}
     * @param committing called before anything is sent from which on a lost connection leaves the outcome open
     */
    Dialogue(PgConnection connection, LaneSession session, Texts texts, String begin, Runnable committing) {
        this.connection = connection;
        this.session = session;
        this.texts = texts;
        this.begin = begin;
        this.committing = committing;
    }

    /**
     * Runs a unit to its end.
     *
     * @return how it ended; fails as {@link WholeUnits#send}, with no transaction left open
     */
    Future<SqlUnitRun.End> run(SqlUnit<?> unit) {
        Future<?> begun = connection.query(begin).execute();
        session.talk();
        session.chain().begin();
        SqlUnitRun run = SqlUnitRun.of(session, unit);
        return begun.compose(done -> hold(run::run))
                .compose(end -> end.keep() ? finish().map(steps -> new Ran(end, steps)) : undone(end))
                .recover(failure -> rollback().transform(done -> Future.failedFuture(new Failures.Known(failure))))
                .compose(ran -> ran.end().keep() ? commit(ran) : confirmed(ran.end()));
    }

    /** How the unit ended, and what the chain needs beside it. */
    private record Ran(SqlUnitRun.End end, List<SqlStep> steps) {}

    private Future<Ran> undone(SqlUnitRun.End end) {
        return rollback().map(new Ran(end, List.of()));
    }

    /** Anything that fails here leaves open whether what was repeated stays applied. */
    private Future<SqlUnitRun.End> confirmed(SqlUnitRun.End end) {
        boolean isRefusal = end.refusedPart() >= 0;
        if (isRefusal) {
            return Future.succeededFuture(end);
        }
        committing.run();
        return connection.query(CONFIRM).execute().map(end);
    }

    /** Lets the code run until it is through, asking the server each time it asks. */
    private <R> Future<R> hold(Supplier<R> code) {
        Promise<R> through = Promise.promise();
        goOn(code, through);
        return through.future();
    }

    /** Answers come one after the other and not within each other, so that a unit may have thousands of parts. */
    private <R> void goOn(Supplier<R> code, Promise<R> through) {
        session.rewind();
        R answer;
        try {
            answer = code.get();
        } catch (LaneSession.NotHeardYet pause) {
            ask(pause.question()).onComplete(heard -> {
                if (heard.failed()) {
                    through.fail(heard.cause());
                } else {
                    session.hear(heard.result());
                    goOn(code, through);
                }
            });
            return;
        } catch (Throwable e) {
            through.fail(Failures.thrown(e));
            return;
        }
        through.complete(answer);
    }

    private Future<?> ask(Object question) {
        try {
            return put(question);
        } catch (Throwable unsendable) {
            return Future.failedFuture(Failures.thrown(unsendable));
        }
    }

    private Future<?> put(Object question) {
        if (question instanceof SqlQuery<?> query) {
            return connection
                    .preparedQuery(texts.plain(query.text()))
                    .execute(Texts.parameters(query.parameters()))
                    .map(rows -> ResultRow.all(rows, 0, query.mapper()));
        }
        return run((SqlStep) question);
    }

    private Future<Object> run(SqlStep step) {
        var parameters = Texts.parameters(step.parameters());
        Future<?> before = connection.query("SAVEPOINT step").execute();
        Future<RowSet<Row>> running =
                connection.preparedQuery(texts.plain(step.text())).execute(parameters);
        Future<?> after = connection.query("RELEASE step").execute();
        return running.transform(done -> {
            if (done.succeeded()) {
                return after.map((Object) done(step, done.result(), Texts.Form.PLAIN));
            }
            ConstraintViolation violation = Failures.violation(done.cause());
            return violation == null || before.failed()
                    ? Future.failedFuture(done.cause())
                    : connection.query("ROLLBACK TO step").execute().map((Object) violation);
        });
    }

    private Future<List<SqlStep>> finish() {
        session.collect();
        return hold(() -> {
            session.chain().finish();
            return session.collected();
        });
    }

    private Future<SqlUnitRun.End> commit(Ran ran) {
        session.chain().committing();
        committing.run();
        List<Future<?>> answers = new ArrayList<>();
        for (SqlStep step : ran.steps()) {
            answers.add(
                    connection.preparedQuery(texts.plain(step.text())).execute(Texts.parameters(step.parameters())));
        }
        answers.add(connection.query(CONFIRM).execute());
        answers.add(connection.query("COMMIT").execute());
        return Future.join(answers).transform(done -> {
            int failed = WholeUnits.firstFailed(answers);
            if (failed < 0) {
                session.chain().committed();
                return Future.succeededFuture(ran.end());
            }
            Throwable failure = answers.get(failed).cause();
            if (Failures.leavesOutcomeOpen(failure)) {
                return Future.failedFuture(failure);
            }
            session.chain().notCommitted();
            return Future.failedFuture(new Failures.Known(failure));
        });
    }

    private Future<?> rollback() {
        return connection.query("ROLLBACK").execute();
    }

    /** What a statement did that was sent in one of the forms. */
    static SqlStep.Done done(SqlStep step, RowSet<Row> result, Texts.Form form) {
        boolean required = form == Texts.Form.REQUIRED;
        SqlRow.Mapper<?> mapper = step.returning();
        if (mapper != null) {
            List<?> returned = ResultRow.all(result, required ? 1 : 0, mapper);
            return new SqlStep.Done(returned.size(), returned);
        }
        if (form == Texts.Form.COUNTED) {
            return new SqlStep.Done(Math.toIntExact(result.iterator().next().getLong(0)), List.of());
        }
        return new SqlStep.Done(required ? result.size() : result.rowCount(), List.of());
    }
}
