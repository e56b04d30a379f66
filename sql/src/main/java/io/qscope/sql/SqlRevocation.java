package io.qscope.sql;

import io.qscope.model.Row;
import io.qscope.store.Attempt;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Revocations of rows themselves, the same for roots, access tokens, refresh tokens and consents. */
final class SqlRevocation {

    private SqlRevocation() {}

    /**
     * A row beside the attempt that revoked it.
     *
     * @param attempt none: it is not revoked, or was inserted so
     */
    record Found<T extends Row>(T row, @Nullable String attempt) {

        /** Reads the row's columns, then the attempt's. */
        static <T extends Row> SqlRow.Mapper<Found<T>> mapper(Function<SqlValues, T> row) {
            return columns -> {
                SqlValues values = SqlValues.of(columns);
                return new Found<>(row.apply(values), values.optionalText());
            };
        }
    }

    static <T extends Row> SqlWrite<RevokeOutcome<T>> of(
            Class<T> type,
            TableName table,
            String subject,
            SqlStep step,
            SqlQuery<Found<T>> question,
            Function<T, @Nullable Instant> revokedAt,
            Attempt attempt) {
        return new SqlTransition<>(
                table,
                subject,
                false,
                List.of(step),
                done -> new RevokeOutcome.Revoked<>(SqlTable.returned(type, done)),
                List.of(question),
                (answers, rayId) -> explain(answers.get(0), revokedAt, attempt));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Row> Explanation<RevokeOutcome<T>> explain(
            List<?> answer, Function<T, @Nullable Instant> revokedAt, Attempt attempt) {
        if (answer.isEmpty()) {
            return Explanation.of(new RevokeOutcome.Unknown<>());
        }
        Found<T> found = (Found<T>) answer.get(0);
        if (attempt.id().equals(found.attempt())) {
            return Explanation.of(new RevokeOutcome.Revoked<>(found.row()));
        }
        return revokedAt.apply(found.row()) == null
                ? Explanation.runAgain()
                : Explanation.of(new RevokeOutcome.AlreadyRevoked<>(found.row()));
    }

    /** A bulk revocation of one table's tokens. */
    static SqlWrite<RevokeCount> oldest(
            TableName table, String subject, SqlStep step, Function<Integer, RevokeCount> count) {
        return SqlTransition.unconditional(
                table, subject, List.of(step), done -> count.apply(done.get(0).rows()), count.apply(0));
    }
}
