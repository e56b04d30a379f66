package io.qscope.service;

import io.qscope.engine.Callbacks;
import io.qscope.model.RayId;
import io.qscope.store.StorageUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to do when nobody knows whether a call happened: ask again, a moment later, since what broke the answer may last. From then
 * on a storage that is out of reach is asked again too, and an end without an answer says that the outcome is unknown, whatever
 * the last try said of itself: the first one may have happened.
 */
final class LostAnswer {

    private static final int MOST_TRIES = 4;
    private static final long FIRST_PAUSE_MILLIS = 20;

    private final Callbacks callbacks;

    /** @param callbacks where a call that is made again is made, and answered */
    LostAnswer(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    /** Makes a call, and makes it anew while its answer gets lost; each time with the same attempt and the same rows. */
    <T extends @Nullable Object> CompletableFuture<T> repeated(Supplier<CompletableFuture<T>> call, RayId ray) {
        return resolved(call.get(), call, ray);
    }

    /**
     * A call's answer, or what asking again gives when that got lost.
     *
     * @param again asked until it is answered, a few times
     */
    <T extends @Nullable Object> CompletableFuture<T> resolved(
            CompletableFuture<T> call, Supplier<CompletableFuture<T>> again, RayId ray) {
        return call.exceptionallyCompose(thrown -> {
            Throwable failure = Refusal.cause(thrown);
            return failure instanceof StorageUnavailableException unavailable && unavailable.outcomeUnknown()
                    ? again(again, 2, ray)
                    : CompletableFuture.failedFuture(failure);
        });
    }

    private <T extends @Nullable Object> CompletableFuture<T> again(
            Supplier<CompletableFuture<T>> again, int tries, RayId ray) {
        Executor later =
                CompletableFuture.delayedExecutor(FIRST_PAUSE_MILLIS << tries, TimeUnit.MILLISECONDS, callbacks::run);
        return CompletableFuture.<@Nullable Void>completedFuture(null)
                .thenComposeAsync(go -> again.get(), later)
                .exceptionallyCompose(thrown -> {
                    Throwable failure = Refusal.cause(thrown);
                    if (!(failure instanceof StorageUnavailableException)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    return tries < MOST_TRIES
                            ? again(again, tries + 1, ray)
                            : CompletableFuture.failedFuture(new StorageUnavailableException(
                                    "the storage's answer was lost, and it cannot be asked what became of the call",
                                    true,
                                    ray));
                });
    }
}
