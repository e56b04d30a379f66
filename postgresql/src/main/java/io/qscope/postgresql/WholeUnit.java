package io.qscope.postgresql;

import io.qscope.sql.SqlChainedSession;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlUnitRun;
import io.qscope.sql.SqlWrite;
import io.qscope.store.TableName;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit as one exchange: BEGIN, all statements, guards first, and COMMIT are sent before the first answer comes. A statement that
 * must touch a row {@linkplain Texts#required fails} when it touches none, and PostgreSQL turns the COMMIT of a transaction in which
 * something failed into a ROLLBACK. A unit of one statement needs neither.
 */
final class WholeUnit {

    /** Something in it touched nothing, or was refused by a constraint; nothing of it was applied. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused() {
            super("", null, false, false);
        }
    }

    /** A statement on its way. */
    private record Sending(SqlStep step, String text, Tuple parameters, boolean checked) {}

    private final List<SqlWrite<?>> parts;

    /** Which part runs first, second, and so on. */
    private final List<Integer> order;

    /** What each of the parts runs, by its place among the parts. */
    private final List<List<SqlStep>> steps;

    private final List<Sending> statements;
    private final SqlChainedSession chain;

    private WholeUnit(
            List<SqlWrite<?>> parts,
            List<Integer> order,
            List<List<SqlStep>> steps,
            List<Sending> statements,
            SqlChainedSession chain) {
        this.parts = parts;
        this.order = order;
        this.steps = steps;
        this.statements = statements;
        this.chain = chain;
    }

    /** Whether a unit can be sent as one: not the one that opens the lane's chain, which has to ask where the others stand. */
    static boolean canBe(SqlUnit<?> unit, LaneSession session) {
        return !session.chain().opensNext()
                || unit.parts().stream().noneMatch(part -> part.table() == TableName.AUDIT_LOG);
    }

    /** Makes it ready to be sent. */
    static WholeUnit of(SqlUnit<?> unit, LaneSession session, Texts texts) {
        session.collect();
        SqlChainedSession chain = session.chain();
        chain.begin();
        List<SqlWrite<?>> parts = new ArrayList<>(unit.parts().size());
        List<List<SqlStep>> steps = new ArrayList<>(unit.parts().size());
        for (SqlWrite<?> part : unit.parts()) {
            SqlWrite<?> sealed = part.sealed(entry -> session.seal(entry, unit.rayId()));
            parts.add(sealed);
            steps.add(unit.steps(sealed));
        }
        List<Integer> order = order(parts);
        chain.finish();
        boolean alone = steps.size() == 1
                && steps.get(0).size() == 1
                && session.collected().isEmpty();
        List<Sending> statements = new ArrayList<>();
        for (int part : order) {
            for (SqlStep step : steps.get(part)) {
                boolean checked = step.required() && !alone;
                statements.add(sending(step, checked ? texts.required(step) : texts.plain(step.text()), checked));
            }
        }
        for (SqlStep step : session.collected()) {
            statements.add(sending(step, texts.plain(step.text()), false));
        }
        return new WholeUnit(parts, order, steps, statements, chain);
    }

    /** Guards first; guards, and neighbours that each write one row, in the order of their rows. */
    private static List<Integer> order(List<SqlWrite<?>> parts) {
        Comparator<Integer> byRow = Comparator.<Integer, TableName>comparing(
                        part -> parts.get(part).table())
                .thenComparing(part -> parts.get(part).subject());
        List<Integer> order = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isGuard()) {
                order.add(i);
            }
        }
        order.sort(byRow);
        int first = order.size();
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).isGuard()) {
                order.add(i);
                if (!parts.get(i).isOfOneRow()) {
                    order.subList(first, order.size() - 1).sort(byRow);
                    first = order.size();
                }
            }
        }
        order.subList(first, order.size()).sort(byRow);
        return order;
    }

    private static Sending sending(SqlStep step, String text, boolean checked) {
        return new Sending(step, text, Texts.parameters(step.parameters()), checked);
    }

    /**
     * Sends it. Fails with {@link Refused}, with {@link Failures.Known}, or, when its outcome is unknown, with what became of the
     * connection.
     */
    Future<SqlUnitRun.End> send(PgConnection connection) {
        boolean alone = statements.size() == 1;
        chain.committing();
        List<Future<?>> answers = new ArrayList<>();
        if (!alone) {
            answers.add(connection.query("BEGIN").execute());
        }
        List<Future<RowSet<Row>>> results = new ArrayList<>(statements.size());
        for (Sending statement : statements) {
            results.add(connection.preparedQuery(statement.text()).execute(statement.parameters()));
        }
        answers.addAll(results);
        if (!alone) {
            answers.add(connection.query("COMMIT").execute());
        }
        return Future.join(answers).transform(done -> {
            int failed = firstFailed(answers);
            if (failed < 0) {
                chain.committed();
                return end(results, alone);
            }
            Throwable failure = answers.get(failed).cause();
            boolean notBegun = !alone && failed == 0;
            // What was sent behind a BEGIN that failed has been applied one by one, if nothing else was wrong.
            if (notBegun || Failures.leavesOutcomeOpen(failure, failed == answers.size() - 1)) {
                return Future.failedFuture(failure);
            }
            chain.notCommitted();
            return Future.failedFuture(
                    Failures.isLoss(failure) || Failures.violation(failure) != null
                            ? new Refused()
                            : new Failures.Known(failure));
        });
    }

    /** Which one failed first, -1 for none: what failed after it did so because of it. */
    static int firstFailed(List<Future<?>> answers) {
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).failed()) {
                return i;
            }
        }
        return -1;
    }

    private Future<SqlUnitRun.End> end(List<Future<RowSet<Row>>> results, boolean alone) {
        try {
            return committed(results, alone);
        } catch (ResultRow.Damaged damage) {
            return Future.failedFuture(new Failures.Known(damage));
        }
    }

    private Future<SqlUnitRun.End> committed(List<Future<RowSet<Row>>> results, boolean alone) {
        @Nullable Object[] answers = new Object[parts.size()];
        int next = 0;
        for (int index : order) {
            SqlWrite<?> part = parts.get(index);
            List<SqlStep.Done> done = new ArrayList<>();
            for (int i = 0; i < steps.get(index).size(); i++) {
                SqlStep.Done did = done(statements.get(next), results.get(next).result());
                if (alone && did.rows() == 0 && statements.get(next).step().required()) {
                    return Future.failedFuture(new Refused());
                }
                done.add(did);
                next++;
            }
            answers[index] = part.answer(done);
        }
        return Future.succeededFuture(new SqlUnitRun.End(true, -1, Arrays.asList(answers)));
    }

    private static SqlStep.Done done(Sending statement, RowSet<Row> result) {
        return Dialogue.done(statement.step(), result, statement.checked());
    }
}
