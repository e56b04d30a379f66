package io.qscope.app;

import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.result.FailedResult;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.service.OAuthServices;
import io.qscope.service.ServiceError;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A storage that a command works on, with the services over it.
 *
 * @param ray the request's id in rows, audit log and errors
 * @param by who acts
 */
public record Session(Console console, Storage storage, OAuthServices services, KeyRing keys, RayId ray, String by)
        implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    public Session(Console console, Storage storage, KeyRing keys, RayId ray, String by) {
        this(console, storage, OAuthServices.builder(storage, keys).build(), keys, ray, by);
    }

    /**
     * The value of an answer.
     *
     * @throws CommandFailure when it is a refusal
     */
    public <T> T value(CompletableFuture<Result<T>> answer) {
        return Objects.requireNonNull(success(await(answer)).value());
    }

    /** As {@link #value}, of what takes as long as it takes. */
    public <T> T awaitLong(CompletableFuture<Result<T>> answer) {
        try {
            return Objects.requireNonNull(success(answer.join()).value());
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** As {@link #value}, where there is nothing to return. */
    public void done(CompletableFuture<Result<Void>> answer) {
        success(await(answer));
    }

    private <T> SuccessResult<T> success(Result<T> result) {
        if (result instanceof FailedResult<T> failed) {
            String why = " (" + failed.errorCode() + ", ray " + ray + ")";
            throw failed.errorCode().equals(ServiceError.INVALID.code())
                    ? CommandFailure.ofValue(OptionNames.in(failed.clientMessage()) + why)
                    : new CommandFailure(failed.clientMessage() + why, null);
        }
        return (SuccessResult<T>) result;
    }

    /** What a call answers; throws what it failed with. */
    public <T> T await(CompletableFuture<T> call) {
        try {
            return call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException slow) {
            throw new CommandFailure(
                    "no answer within " + PATIENCE_SECONDS + " s; it may still be done (ray " + ray + ")", slow);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted; what was asked for may still be done (ray " + ray + ")", stopped);
        }
    }

    /** All rows of a listing, at most so many. */
    public <T> List<T> all(int most, Function<Page, CompletableFuture<Result<Slice<T>>>> listing) {
        List<T> rows = new ArrayList<>();
        Optional<Page> page = Optional.of(Page.first(Math.min(most, Page.MOST)));
        while (page.isPresent()) {
            Slice<T> slice = value(listing.apply(page.get()));
            rows.addAll(slice.rows());
            int left = most - rows.size();
            page = left > 0 ? slice.nextPage(Math.min(left, Page.MOST)) : Optional.empty();
        }
        return rows;
    }

    @Override
    public void close() {
        services.close();
        storage.close();
    }
}
