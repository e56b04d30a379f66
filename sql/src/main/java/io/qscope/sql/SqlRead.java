package io.qscope.sql;

import io.qscope.model.RayId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A reading call on its way: the engine completes {@link #future()} on the callbacks' executor.
 *
 * @param query what to ask
 * @param answer makes the answer of the rows; it throws no exception of its own
 * @param reach how much it reads
 * @param rayId the request
 * @param future what the caller holds
 */
public record SqlRead<T, R>(
        SqlQuery<T> query, Function<List<T>, R> answer, Reach reach, RayId rayId, CompletableFuture<R> future) {

    /** How much a query reads. */
    public enum Reach {
        /** One row at most, by its key. It may be read for many calls at once. */
        ONE_ROW,
        /** As many rows as were asked for, found by an index. */
        SOME_ROWS,
        /** Whole tables, and it may take long: others should not have to wait for it. */
        TABLES
    }

    /** A call of which no listener is told. */
    public static <T, R> SqlRead<T, R> of(SqlQuery<T> query, Function<List<T>, R> answer, RayId rayId) {
        return new SqlRead<>(query, answer, Reach.SOME_ROWS, rayId, new CompletableFuture<>());
    }

    /** Whether it may be read for many calls at once. */
    public boolean isLookup() {
        return reach == Reach.ONE_ROW;
    }

    /** Whether others should not have to wait for it. */
    public boolean isScan() {
        return reach == Reach.TABLES;
    }
}
