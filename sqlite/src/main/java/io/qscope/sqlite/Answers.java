package io.qscope.sqlite;

import io.qscope.model.RayId;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The answers of a group of calls, given in one task. */
final class Answers implements Runnable {

    private final Path file;
    private final List<CompletableFuture<?>> futures;
    private final List<@Nullable Object> values;

    Answers(Path file, int size) {
        this.file = file;
        this.futures = new ArrayList<>(size);
        this.values = new ArrayList<>(size);
    }

    <R> void answered(CompletableFuture<R> future, R value) {
        futures.add(future);
        values.add(value);
    }

    /** Notes a failure in the words of the contract. */
    void failed(CompletableFuture<?> future, RayId rayId, Throwable failure) {
        futures.add(future);
        values.add(new Failure(inWords(file, rayId, failure)));
    }

    private static Throwable inWords(Path file, RayId rayId, Throwable failure) {
        if (failure instanceof SqliteFailure sqlite) {
            return sqlite.toException(file, rayId);
        }
        if (failure instanceof StorageException || failure instanceof UnsupportedOperationException) {
            return failure;
        }
        if (failure instanceof IllegalArgumentException damage) {
            return new StorageCorruptedException(
                    file + ": a row holds what no call of this library writes: " + damage.getMessage(), rayId);
        }
        return new StorageUnavailableException(
                file + ": the call failed for a reason not foreseen (" + failure + "), please report it",
                false,
                rayId);
    }

    int size() {
        return futures.size();
    }

    /** Forgets the answers after the first {@code size}. */
    void cutTo(int size) {
        futures.subList(size, futures.size()).clear();
        values.subList(size, values.size()).clear();
    }

    @Override
    public void run() {
        for (int i = 0; i < futures.size(); i++) {
            complete(futures.get(i), values.get(i));
        }
    }

    @SuppressWarnings("unchecked")
    private static <R> void complete(CompletableFuture<R> future, @Nullable Object value) {
        if (value instanceof Failure failure) {
            future.completeExceptionally(failure.cause());
        } else {
            future.complete((R) value);
        }
    }

    private record Failure(Throwable cause) {}
}
