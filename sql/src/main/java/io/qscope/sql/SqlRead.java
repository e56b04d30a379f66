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
 * @param isLookup whether it asks for one row by its key, which may be done for many calls at once
 * @param rayId the request
 * @param future what the caller holds
 */
public record SqlRead<T, R>(
        SqlQuery<T> query, Function<List<T>, R> answer, boolean isLookup, RayId rayId, CompletableFuture<R> future) {

    /** A call of which no listener is told. */
    public static <T, R> SqlRead<T, R> of(SqlQuery<T> query, Function<List<T>, R> answer, RayId rayId) {
        return new SqlRead<>(query, answer, false, rayId, new CompletableFuture<>());
    }
}
