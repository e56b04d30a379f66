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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Units as one exchange: BEGIN, all statements, guards first, and COMMIT are sent before the first answer comes. Statements of
 * the same text run as {@linkplain Wave one}. One that must touch a row fails when it touches none, and PostgreSQL turns the
 * COMMIT of a transaction in which something failed into a ROLLBACK; only a unit of a single statement may lose beside others.
 * A single statement needs no transaction of its own.
 */
final class WholeUnits {

    /**
     * Several units never wait for a row for long: their neighbours would wait with them, and who waits for several in some order
     * may wait for who waits for it. What is in the way of one is found by halving, and it alone waits.
     */
    static final String AND_HURRY = "; SET LOCAL lock_timeout = '50ms'";

    /** Something in it touched nothing, or was refused by a constraint; nothing of it was applied. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused() {
            super("", null, false, false);
        }
    }

    /** How a unit came out. */
    sealed interface Result {

        /** It was applied. */
        record Ended(SqlUnitRun.End end) implements Result {}

        /** It was applied, and what is stored there is damaged. */
        record IsDamaged(ResultRow.Damaged damage) implements Result {}

        /** Its only statement touched nothing; why is to be found out. */
        record Lost() implements Result {}
    }

    /** A unit in it. */
    private static final class Run {

        private final List<SqlWrite<?>> parts;
        private final List<List<Wave.Call>> calls = new ArrayList<>();
        private final List<Wave.Call> inOrder = new ArrayList<>();
        private int next;

        Run(SqlUnit<?> unit, List<SqlWrite<?>> parts) {
            this.parts = parts;
            for (SqlWrite<?> part : parts) {
                calls.add(unit.steps(part).stream().map(Wave.Call::new).toList());
            }
            order(parts).forEach(part -> inOrder.addAll(calls.get(part)));
        }

        Wave.@Nullable Call next() {
            return next == inOrder.size() ? null : inOrder.get(next);
        }

        /** Takes the calls that come next and have the same text. */
        void takeAlike(Wave.Call call, List<Wave.Call> into) {
            for (Wave.Call its = next();
                    its != null && its.step().text().equals(call.step().text());
                    its = next()) {
                into.add(its);
                next++;
            }
        }

        /** Whether it may lose beside others. An entry of the audit log that were left out would leave a gap in its chain. */
        boolean isLenient() {
            return inOrder.size() == 1
                    && parts.get(0).table() != TableName.AUDIT_LOG
                    && Texts.canBeMany(inOrder.get(0).step());
        }

        Result result() {
            if (inOrder.size() == 1 && inOrder.get(0).isLost()) {
                return new Result.Lost();
            }
            @Nullable Object[] answers = new Object[parts.size()];
            try {
                for (int i = 0; i < answers.length; i++) {
                    answers[i] = parts.get(i)
                            .answer(calls.get(i).stream().map(Wave.Call::done).toList());
                }
            } catch (ResultRow.Damaged damage) {
                return new Result.IsDamaged(damage);
            }
            return new Result.Ended(new SqlUnitRun.End(true, -1, Arrays.asList(answers)));
        }
    }

    private final List<Run> runs;
    private final List<Wave.Sending> statements;

    /** None for a single statement, which is a transaction in itself. */
    private final @Nullable String begin;

    private final SqlChainedSession chain;

    private WholeUnits(List<Run> runs, List<Wave.Sending> statements, @Nullable String begin, SqlChainedSession chain) {
        this.runs = runs;
        this.statements = statements;
        this.begin = begin;
        this.chain = chain;
    }

    /** Whether units can be sent as one: not those that open the lane's chain, which has to ask where the others stand. */
    static boolean canBe(List<? extends SqlUnit<?>> units, LaneSession session) {
        return !session.chain().opensNext() || units.stream().noneMatch(WholeUnits::hasEntries);
    }

    /** Whether a unit writes to the audit log. */
    static boolean hasEntries(SqlUnit<?> unit) {
        return unit.parts().stream().anyMatch(part -> part.table() == TableName.AUDIT_LOG);
    }

    /**
     * Makes them ready to be sent.
     *
     * @param begin {@link Texts#begin}, with what else has to be said at the beginning of the transaction
     * @throws RuntimeException when one of them cannot be sent at all
     */
    static WholeUnits of(List<? extends SqlUnit<?>> units, LaneSession session, Texts texts, String begin) {
        session.collect();
        SqlChainedSession chain = session.chain();
        chain.begin();
        List<Run> runs = new ArrayList<>(units.size());
        for (SqlUnit<?> unit : units) {
            List<SqlWrite<?>> parts = new ArrayList<>(unit.parts().size());
            for (SqlWrite<?> part : unit.parts()) {
                parts.add(part.sealed(entry -> session.seal(entry, unit.rayId())));
            }
            runs.add(new Run(unit, parts));
        }
        chain.finish();
        List<Wave.Sending> statements = new ArrayList<>();
        boolean nothingElse = session.collected().isEmpty() && begin.equals(Texts.BEGIN);
        for (Wave wave : waves(runs, nothingElse)) {
            statements.add(wave.sending(texts));
        }
        for (SqlStep step : session.collected()) {
            String text = texts.of(step, Texts.Form.behindBegin(step));
            statements.add(new Wave.Sending(text, Texts.parameters(step.parameters()), null));
        }
        boolean alone = nothingElse && statements.size() == 1;
        return new WholeUnits(runs, statements, alone ? null : begin, chain);
    }

    /** Each unit's statements in its order; and as many of the same text as can be at a time. */
    private static List<Wave> waves(List<Run> runs, boolean nothingElse) {
        List<Wave> waves = new ArrayList<>();
        boolean alone = nothingElse && runs.size() == 1 && runs.get(0).inOrder.size() == 1;
        for (int first = 0; first < runs.size(); ) {
            Wave.Call call = runs.get(first).next();
            if (call == null) {
                first++;
                continue;
            }
            boolean lenient = runs.get(first).isLenient();
            List<Wave.Call> together = new ArrayList<>();
            if (Texts.canBeMany(call.step())) {
                for (Run run : runs.subList(first, runs.size())) {
                    if (run.isLenient() == lenient) {
                        run.takeAlike(call, together);
                    }
                }
            } else {
                runs.get(first).next++;
                together.add(call);
            }
            waves.add(new Wave(together, !(lenient || alone), alone));
        }
        return waves;
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

    /** The statements that they are made of, for {@link Statements#prepare}. */
    List<String> texts() {
        return statements.stream().map(Wave.Sending::text).toList();
    }

    /**
     * Sends them, their statements being prepared.
     *
     * @return how each came out; fails with {@link Refused}, with {@link Failures.Known}, or, when the outcome of all is unknown,
     *     with what became of the connection
     */
    Future<List<Result>> send(PgConnection connection, Statements by) {
        chain.committing();
        List<Future<?>> answers = new ArrayList<>();
        if (begin != null) {
            answers.add(connection.query(begin).execute());
        }
        for (Wave.Sending statement : statements) {
            Future<RowSet<Row>> answer = by.run(statement.text(), statement.parameters());
            Wave wave = statement.wave();
            answers.add(
                    wave == null
                            ? answer
                            : answer.map(rows -> {
                                wave.hear(rows);
                                return rows;
                            }));
        }
        if (begin != null) {
            answers.add(connection.query("COMMIT").execute());
        }
        return Future.join(answers).transform(done -> {
            int failed = firstFailed(answers);
            if (failed < 0) {
                chain.committed();
                return Future.succeededFuture(runs.stream().map(Run::result).toList());
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
}
