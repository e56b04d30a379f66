package io.qscope.sql;

import io.qscope.model.Row;
import io.qscope.store.Attempt;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Revocations of rows themselves, the same for roots, access tokens, refresh tokens and consents. */
final class SqlRevocation {

    private SqlRevocation() {}

    /**
     * The statement that revokes many rows. They are locked in the order of their ids, as all do who revoke many: two who have rows in
     * common wait for each other, and neither has what the other waits for.
     *
     * @param which a condition on the owner, {@code $1}; the attempt's id, moment and author are {@code $2} to {@code $4}
     */
    static String all(String table, String which) {
        return """
            WITH due AS MATERIALIZED (
                 SELECT id FROM %1$s WHERE %2$s AND revoked_at IS NULL ORDER BY id %3$s)
            UPDATE %1$s
               SET version = version + 1, revoked_at = $3, revoked_attempt = $2, updated_at = $3, updated_by = $4
             WHERE id %4$s (SELECT id FROM due) AND revoked_at IS NULL""".formatted(table, which, SqlDialect.LOCKED_ALONE, SqlDialect.IN_FOUND);
    }

    /**
     * The statement that revokes all rows of an owner but the first {@code $5}.
     *
     * @param newestFirst their ids, in order; {@code $1} to {@code $4} are as for {@link #all}
     */
    static String allButTheFirst(String table, String newestFirst) {
        return """
            WITH oldest AS MATERIALIZED (
            %2$s LIMIT 9223372036854775807 OFFSET $5),
                 due AS MATERIALIZED (
                 SELECT id FROM %1$s WHERE id %4$s (SELECT id FROM oldest) AND revoked_at IS NULL ORDER BY id %3$s)
            UPDATE %1$s
               SET version = version + 1, revoked_at = $3, revoked_attempt = $2, updated_at = $3, updated_by = $4
             WHERE id %4$s (SELECT id FROM due) AND revoked_at IS NULL""".formatted(table, newestFirst.stripTrailing(), SqlDialect.LOCKED_ALONE, SqlDialect.IN_FOUND);
    }

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

    /**
     * A bulk revocation of one table's tokens.
     *
     * @param ofUser the statement for the tokens of a user, whose id is its {@code $6}
     * @param ofNobody the statement for those that have no user: an index finds either, but not "the same or none"
     */
    static SqlWrite<RevokeCount> oldest(
            TableName table,
            String ofUser,
            String ofNobody,
            Owner owner,
            int keep,
            Attempt attempt,
            Function<Integer, RevokeCount> count) {
        List<@Nullable Object> parameters = new ArrayList<>(
                List.of(owner.clientId(), attempt.id(), attempt.at().toEpochMilli(), attempt.by(), (long) keep));
        if (owner.userId() != null) {
            parameters.add(owner.userId());
        }
        SqlStep step = SqlStep.any(owner.userId() == null ? ofNobody : ofUser, parameters.toArray());
        return SqlTransition.unconditional(
                table,
                owner.clientId(),
                List.of(step),
                done -> count.apply(done.get(0).rows()),
                count.apply(0));
    }

    /** Whose tokens are limited: a client's for a user, or for itself. */
    record Owner(String clientId, @Nullable String userId) {

        Owner {
            Objects.requireNonNull(clientId, "clientId");
        }
    }
}
