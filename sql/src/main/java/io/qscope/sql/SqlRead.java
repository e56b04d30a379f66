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
 * @param rayId the request
 * @param future what the caller holds
 * @param isScan whether it reads whole tables, and may take long: others should not have to wait for it
 */
public record SqlRead<T, R>(
        SqlQuery<T> query, Function<List<T>, R> answer, RayId rayId, CompletableFuture<R> future, boolean isScan) {

    /** A call that finds its rows by an index. */
    public SqlRead(SqlQuery<T> query, Function<List<T>, R> answer, RayId rayId, CompletableFuture<R> future) {
        this(query, answer, rayId, future, false);
    }

    /** A call of which no listener is told. */
    public static <T, R> SqlRead<T, R> of(SqlQuery<T> query, Function<List<T>, R> answer, RayId rayId) {
        return new SqlRead<>(query, answer, rayId, new CompletableFuture<>());
    }
}
