package io.qscope.postgresql;

import io.qscope.sql.SqlStep;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one exchange that run as one statement, because they have the same text; or a single call.
 *
 * <p>It is strict when its calls belong to units of several statements: if one touches nothing, all fails. It is lenient when each
 * call is the only one of its unit: what touches nothing is left out, and told.
 */
final class Wave {

    /** A statement of a unit. */
    static final class Call {

        private final SqlStep step;
        private @Nullable Object outcome;

        Call(SqlStep step) {
            this.step = step;
        }

        SqlStep step() {
            return step;
        }

        /** Whether it touched nothing, though it had to. */
        boolean isLost() {
            return outcome == null;
        }

        /**
         * What it did.
         *
         * @throws ResultRow.Damaged when what it returned is nothing that this library writes
         */
        SqlStep.Done done() {
            if (outcome instanceof ResultRow.Damaged damage) {
                throw damage;
            }
            return (SqlStep.Done) java.util.Objects.requireNonNull(outcome);
        }
    }

    private final List<Call> calls;
    private final boolean strict;
    private final boolean alone;
    private final boolean many;

    /**
     * A wave.
     *
     * @param alone whether there is nothing else in the exchange
     */
    Wave(List<Call> calls, boolean strict, boolean alone) {
        this.calls = calls;
        this.strict = strict;
        this.alone = alone;
        SqlStep first = calls.get(0).step;
        // A single lenient INSERT would fail its neighbours, as it stands.
        this.many = calls.size() > 1 || (!strict && !alone && Texts.canBeMany(first));
        if (many && !first.text().startsWith("INSERT")) {
            // Whoever changes several rows does so in the order of their keys, as far as the server's plan follows it.
            calls.sort(Comparator.comparing(call -> call.step.parameters().get(0), Wave::compareKeys));
        }
    }

    private static int compareKeys(@Nullable Object one, @Nullable Object other) {
        return one instanceof byte[] bytes && other instanceof byte[] others
                ? Arrays.compareUnsigned(bytes, others)
                : String.valueOf(one).compareTo(String.valueOf(other));
    }

    /**
     * A statement as it is sent.
     *
     * @param wave which is to hear its answer; none: nobody asks
     */
    record Sending(String text, Tuple parameters, @Nullable Wave wave) {}

    /**
     * Makes it ready to be sent.
     *
     * @throws Texts.Unencodable when a text among its parameters cannot be sent as it is
     */
    Sending sending(Texts texts) {
        SqlStep first = calls.get(0).step;
        if (many) {
            List<List<@Nullable Object>> all = new ArrayList<>(calls.size());
            calls.forEach(call -> all.add(call.step.parameters()));
            List<ManyText.@Nullable Kind> kinds = texts.kinds(first.text(), all);
            return new Sending(texts.many(first, kinds, strict), Texts.arrays(all, kinds), this);
        }
        return new Sending(texts.of(first, form()), Texts.parameters(first.parameters()), this);
    }

    /** Takes in what the server said. */
    void hear(RowSet<Row> result) {
        SqlStep first = calls.get(0).step;
        if (!many) {
            hearOne(result);
        } else if (!first.text().startsWith("INSERT")) {
            hearChanges(result);
        } else if (strict) {
            calls.forEach(call -> call.outcome = new SqlStep.Done(1, List.of()));
        } else {
            hearInserted(result);
        }
    }

    private Texts.Form form() {
        return alone ? Texts.Form.PLAIN : Texts.Form.behindBegin(calls.get(0).step);
    }

    private void hearOne(RowSet<Row> result) {
        Call call = calls.get(0);
        try {
            SqlStep.Done done = Dialogue.done(call.step, result, form());
            call.outcome = done.rows() == 0 && call.step.required() ? null : done;
        } catch (ResultRow.Damaged damage) {
            call.outcome = damage;
        }
    }

    private void hearChanges(RowSet<Row> result) {
        boolean required = calls.get(0).step.required();
        for (Row row : result) {
            Long nth = row.getLong(1);
            if (nth == null) {
                // Nothing was touched: the row is what the condition needs to be asked at all.
                break;
            }
            Call call = calls.get(Math.toIntExact(nth) - 1);
            try {
                var mapper = call.step.returning();
                call.outcome = new SqlStep.Done(1, mapper == null ? List.of() : List.of(ResultRow.one(row, 2, mapper)));
            } catch (ResultRow.Damaged damage) {
                call.outcome = damage;
            }
        }
        if (!required) {
            for (Call call : calls) {
                call.outcome = call.outcome == null ? new SqlStep.Done(0, List.of()) : call.outcome;
            }
        }
    }

    private void hearInserted(RowSet<Row> result) {
        Map<String, Call> byKey = new HashMap<>();
        calls.forEach(call -> byKey.put((String) call.step.parameters().get(0), call));
        for (Row row : result) {
            Call inserted = byKey.get(row.getString(1));
            if (inserted != null) {
                inserted.outcome = new SqlStep.Done(1, List.of());
            }
        }
    }
}
