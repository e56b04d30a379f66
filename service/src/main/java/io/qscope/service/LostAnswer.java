package io.qscope.service;

import io.qscope.store.StorageUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What to do when nobody knows whether a call happened: ask again, a moment later, since what broke the answer may last. */
final class LostAnswer {

    private static final int MOST_TRIES = 4;
    private static final long FIRST_PAUSE_MILLIS = 20;

    private LostAnswer() {}

    /** Makes a call, and makes it anew while its answer gets lost; each time with the same attempt and the same rows. */
    static <T extends @Nullable Object> CompletableFuture<T> repeated(Supplier<CompletableFuture<T>> call) {
        return repeated(call, 1);
    }

    private static <T extends @Nullable Object> CompletableFuture<T> repeated(
            Supplier<CompletableFuture<T>> call, int tries) {
        return next(call.get(), tries, () -> repeated(call, tries + 1));
    }

    /**
     * The call's answer, or what {@code next} gives when that got lost.
     *
     * @param tries how often it was made, this time included
     */
    static <T extends @Nullable Object> CompletableFuture<T> next(
            CompletableFuture<T> call, int tries, Supplier<CompletableFuture<T>> next) {
        return call.exceptionallyCompose(thrown -> {
            Throwable failure = Refusal.cause(thrown);
            boolean unknown =
                    failure instanceof StorageUnavailableException unavailable && unavailable.outcomeUnknown();
            if (!unknown || tries >= MOST_TRIES) {
                return CompletableFuture.failedFuture(failure);
            }
            Executor later = CompletableFuture.delayedExecutor(
                    FIRST_PAUSE_MILLIS << tries, TimeUnit.MILLISECONDS, Runnable::run);
            return CompletableFuture.<@Nullable Void>completedFuture(null).thenComposeAsync(go -> next.get(), later);
        });
    }
}
