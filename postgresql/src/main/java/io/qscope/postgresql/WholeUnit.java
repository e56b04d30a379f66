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

    /** How a statement is sent, and so what its result is. */
    enum Form {
        /** As it is. */
        PLAIN,
        /** {@link Texts#required}. */
        REQUIRED,
        /** {@link Texts#counted}. */
        COUNTED;

        /** As it is sent behind a BEGIN: nothing that writes does so without it. */
        static Form behindBegin(SqlStep step) {
            boolean onlyLocks = !step.required() && step.returning() != null;
            return onlyLocks ? PLAIN : step.required() ? REQUIRED : COUNTED;
        }
    }

    /** A statement on its way. */
    private record Sending(SqlStep step, Form form, String text, Tuple parameters) {}

    private final List<SqlWrite<?>> parts;

    /** Which part runs first, second, and so on. */
    private final List<Integer> order;

    /** What each of the parts runs, by its place among the parts. */
    private final List<List<SqlStep>> steps;

    private final List<Sending> statements;

    /** None for a unit of one statement, which is a transaction in itself. */
    private final @Nullable String begin;

    private final SqlChainedSession chain;

    private WholeUnit(
            List<SqlWrite<?>> parts,
            List<Integer> order,
            List<List<SqlStep>> steps,
            List<Sending> statements,
            @Nullable String begin,
            SqlChainedSession chain) {
        this.parts = parts;
        this.order = order;
        this.steps = steps;
        this.statements = statements;
        this.begin = begin;
        this.chain = chain;
    }

    /** Whether a unit can be sent as one: not the one that opens the lane's chain, which has to ask where the others stand. */
    static boolean canBe(SqlUnit<?> unit, LaneSession session) {
        return !session.chain().opensNext()
                || unit.parts().stream().noneMatch(part -> part.table() == TableName.AUDIT_LOG);
    }

    /**
     * Makes it ready to be sent.
     *
     * @param begin {@link Texts#begin}, with what else has to be said at the beginning of the transaction
     */
    static WholeUnit of(SqlUnit<?> unit, LaneSession session, Texts texts, String begin) {
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
        List<SqlStep> all = new ArrayList<>();
        order.forEach(part -> all.addAll(steps.get(part)));
        all.addAll(session.collected());
        boolean alone = all.size() == 1 && begin.equals(Texts.BEGIN);
        List<Sending> statements = new ArrayList<>();
        for (SqlStep step : all) {
            Form form = alone ? Form.PLAIN : Form.behindBegin(step);
            statements.add(new Sending(step, form, texts.of(step, form), Texts.parameters(step.parameters())));
        }
        return new WholeUnit(parts, order, steps, statements, alone ? null : begin, chain);
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

    /** The statements that it is made of, for {@link Statements#prepare}. */
    List<String> texts() {
        return statements.stream().map(Sending::text).toList();
    }

    /**
     * Sends it, its statements being prepared. Fails with {@link Refused}, with {@link Failures.Known}, or, when its outcome is unknown, with what became of the
     * connection.
     */
    Future<SqlUnitRun.End> send(PgConnection connection, Statements by) {
        chain.committing();
        List<Future<?>> answers = new ArrayList<>();
        if (begin != null) {
            answers.add(connection.query(begin).execute());
        }
        List<Future<RowSet<Row>>> results = new ArrayList<>(statements.size());
        for (Sending statement : statements) {
            results.add(by.run(statement.text(), statement.parameters()));
        }
        answers.addAll(results);
        if (begin != null) {
            answers.add(connection.query("COMMIT").execute());
        }
        return Future.join(answers).transform(done -> {
            int failed = firstFailed(answers);
            if (failed < 0) {
                chain.committed();
                return end(results);
            }
            Throwable failure = answers.get(failed).cause();
            if (Failures.leavesOutcomeOpen(failure)) {
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

    private Future<SqlUnitRun.End> end(List<Future<RowSet<Row>>> results) {
        try {
            return committed(results);
        } catch (ResultRow.Damaged damage) {
            return Future.failedFuture(new Failures.Known(damage));
        }
    }

    private Future<SqlUnitRun.End> committed(List<Future<RowSet<Row>>> results) {
        @Nullable Object[] answers = new Object[parts.size()];
        int next = 0;
        for (int index : order) {
            SqlWrite<?> part = parts.get(index);
            List<SqlStep.Done> done = new ArrayList<>();
            for (int i = 0; i < steps.get(index).size(); i++) {
                SqlStep.Done did = done(statements.get(next), results.get(next).result());
                if (begin == null
                        && did.rows() == 0
                        && statements.get(next).step().required()) {
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
        return Dialogue.done(statement.step(), result, statement.form());
    }
}
