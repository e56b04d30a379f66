package io.qscope.sql;

import io.qscope.model.RayId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Writing calls on their way that happen together or not at all; most often one. The engine completes {@link #future()} on
 * the callbacks' executor, after the commit.
 *
 * @param parts in the order given; {@link SqlUnitRun} says in which order they run
 * @param conclusion makes the answer of how the unit ended
 * @param rayId the request
 * @param future what the caller holds
 * @param isUnitOfWork whether an error names the part that failed: not that of a table's call, which has no parts
 * @param locksAlone whether its parts share no lock on a root: another part goes on to write it, and two who share a lock and
 *     then want it alone wait for each other
 * @param <R> the answer
 */
public record SqlUnit<R>(
        List<SqlWrite<?>> parts,
        Function<SqlUnitRun.End, R> conclusion,
        RayId rayId,
        CompletableFuture<R> future,
        boolean isUnitOfWork,
        boolean locksAlone) {

    /** What a part runs. */
    public List<SqlStep> steps(SqlWrite<?> part) {
        return locksAlone ? part.steps().stream().map(SqlStep::lockingAlone).toList() : part.steps();
    }

    /** A single call of which no listener is told. */
    public static <R> SqlUnit<R> of(SqlWrite<R> call, RayId rayId) {
        return of(call, rayId, new CompletableFuture<>());
    }

    /** A single call, which is its own answer. */
    @SuppressWarnings("unchecked")
    public static <R> SqlUnit<R> of(SqlWrite<R> call, RayId rayId, CompletableFuture<R> future) {
        return new SqlUnit<>(List.of(call), end -> (R) end.answers().get(0), rayId, future, false, false);
    }
}
