package io.qscope.service;

import io.qscope.model.RayId;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Slice;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries a refusal out of a chain of stages, past all that would have followed. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ServiceError error;
    private final String words;

    Refusal(ServiceError error, String words) {
        super(words, null, false, false);
        this.error = error;
        this.words = words;
    }

    static Refusal invalidGrant(String words) {
        return new Refusal(ServiceError.INVALID_GRANT, words);
    }

    static Refusal invalidRequest(String words) {
        return new Refusal(ServiceError.INVALID_REQUEST, words);
    }

    static Refusal invalid(String words) {
        return new Refusal(ServiceError.INVALID, words);
    }

    /** What is made of a caller's values; a record that does not take them names the field and the bound. */
    static <T> T unlessInvalid(Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException refused) {
            throw invalid(String.valueOf(refused.getMessage()));
        }
    }

    static Refusal notFound(String words) {
        return new Refusal(ServiceError.NOT_FOUND, words);
    }

    /** A page of a listing; one that starts after what no page ended with is the caller's mistake. */
    static <T> CompletableFuture<Slice<T>> ofPage(CompletableFuture<Slice<T>> listing) {
        return listing.exceptionallyCompose(thrown -> CompletableFuture.failedFuture(
                cause(thrown) instanceof InvalidRowException
                        ? invalid("page.after is not where a page of this listing ended")
                        : cause(thrown)));
    }

    /** The answer of a chain: its value with this status, or the refusal that ended it. Other failures stay failures. */
    static <T extends @Nullable Object> CompletableFuture<Result<T>> answer(
            CompletableFuture<T> chain, int status, RayId rayId) {
        CompletableFuture<Result<T>> answer = new CompletableFuture<>();
        var unused = chain.whenComplete((value, thrown) -> {
            Throwable failure = thrown == null ? null : cause(thrown);
            if (failure == null) {
                answer.complete(new SuccessResult<>(value, status, rayId));
            } else if (failure instanceof Refusal refusal) {
                answer.complete(refusal.error.because(refusal.words, rayId));
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    /** What a stage failed with, without the wrapping of stages. */
    static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
