package io.qscope.sql;

import io.qscope.engine.Arguments;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.InvalidRowException;
import io.qscope.store.TableName;
import io.qscope.store.ThrottleCount;
import io.qscope.store.ThrottleTable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** {@code oauth_throttles}: counters, each written by one statement whatever it finds. */
final class SqlThrottleTable implements ThrottleTable {

    /** Touches nothing only when the counter is there and this attempt counted last. */
    private static final String COUNT = """
            INSERT INTO oauth_throttles AS t (throttle_key, counted, ends_at, counted_attempt, counted_as)
            VALUES ($1, 1, $4, $2, 1)
            ON CONFLICT (throttle_key) DO UPDATE
               SET counted = CASE WHEN t.ends_at <= $3 THEN 1
                                  WHEN t.counted < 2147483647 THEN t.counted + 1
                                  ELSE t.counted END,
                   counted_as = CASE WHEN t.ends_at <= $3 THEN 1
                                     WHEN t.counted < 2147483647 THEN t.counted + 1
                                     ELSE t.counted END,
                   ends_at = CASE WHEN t.ends_at <= $3 THEN $4 ELSE t.ends_at END,
                   counted_attempt = $2
             WHERE t.counted_attempt <> $2
            RETURNING counted_as, ends_at""";

    private static final String COUNTED_BY =
            "SELECT counted_as, ends_at FROM oauth_throttles WHERE throttle_key = $1 AND counted_attempt = $2";

    private static final String UNCOUNT = """
            UPDATE oauth_throttles
               SET counted = CASE WHEN counted > 0 THEN counted - 1 ELSE 0 END, uncounted_attempt = $2
             WHERE throttle_key = $1 AND ends_at > $3 AND uncounted_attempt IS DISTINCT FROM $2""";

    private final SqlEngine engine;

    SqlThrottleTable(SqlEngine engine) {
        this.engine = engine;
    }

    @Override
    public CompletableFuture<ThrottleCount> count(TokenDigest key, Duration window, Attempt attempt, RayId rayId) {
        SqlWrite<ThrottleCount> call = counting(key, Objects.requireNonNull(window, "window"), attempt);
        try {
            Arguments.throttleWindow(window, Objects.requireNonNull(rayId, "rayId"));
        } catch (InvalidRowException refused) {
            return engine.listening().refused("count", TableName.THROTTLES, rayId, refused);
        }
        return send("count", call, rayId);
    }

    @Override
    public CompletableFuture<Void> uncount(TokenDigest key, Attempt attempt, RayId rayId) {
        return send("uncount", uncounting(key, attempt), rayId);
    }

    private <R> CompletableFuture<R> send(String operation, SqlWrite<R> call, RayId rayId) {
        SqlUnit<R> unit = SqlUnit.of(call, rayId, engine.listening().future(operation, TableName.THROTTLES, rayId));
        engine.write(List.of(unit));
        return unit.future();
    }

    SqlWrite<ThrottleCount> counting(TokenDigest key, Duration window, Attempt attempt) {
        byte[] bytes = key.bytes();
        long at = attempt.at().toEpochMilli();
        // Of a window that is out of its bounds this may be any number; such a call is never sent.
        long end = at + window.toSeconds() * 1_000;
        return new SqlTransition<>(
                TableName.THROTTLES,
                key.toString(),
                false,
                List.of(SqlStep.returning(COUNT, SqlThrottleTable::map, bytes, attempt.id(), at, end)),
                done -> SqlTable.returned(ThrottleCount.class, done),
                List.of(SqlQuery.of(COUNTED_BY, SqlThrottleTable::map, bytes, attempt.id())),
                (answers, rayId) -> answers.get(0).isEmpty()
                        ? Explanation.runAgain()
                        : Explanation.of((ThrottleCount) answers.get(0).get(0)));
    }

    SqlWrite<Void> uncounting(TokenDigest key, Attempt attempt) {
        return SqlTransition.unconditional(
                TableName.THROTTLES,
                key.toString(),
                List.of(SqlStep.ifThere(
                        UNCOUNT, key.bytes(), attempt.id(), attempt.at().toEpochMilli())),
                done -> null,
                null);
    }

    private static ThrottleCount map(SqlRow row) {
        SqlValues values = SqlValues.of(row);
        return new ThrottleCount(values.count(), values.instant());
    }
}
