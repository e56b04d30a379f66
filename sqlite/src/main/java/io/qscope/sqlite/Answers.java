package io.qscope.sqlite;

import io.qscope.engine.Callbacks;
import io.qscope.model.RayId;
import io.qscope.store.InvalidRowException;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a group of calls, given in one task on the callbacks' executor, so that handing over costs once a group.
 *
 * <p>A callback may block, and must hold up only itself. So while answers remain, a second task stands by: it does nothing
 * when the first is through before it starts, and goes on with the rest when the first hangs in a callback.
 */
final class Answers implements Runnable {

    private final Callbacks callbacks;
    private final Path file;
    private final List<CompletableFuture<?>> futures;
    private final List<@Nullable Object> values;
    private int settled;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean standby = new AtomicBoolean();
    private volatile @Nullable Thread sender;

    Answers(Callbacks callbacks, Path file, int size) {
        this.callbacks = callbacks;
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
        if (failure instanceof SqliteConnection.Unencodable unencodable) {
            return new InvalidRowException(String.valueOf(unencodable.getMessage()), rayId);
        }
        if (failure instanceof ResultRow.Damaged damage) {
            return new StorageCorruptedException(
                    file + ": a row holds what no call of this library writes: " + damage.getMessage(), rayId);
        }
        return new StorageUnavailableException(file + ": " + notForeseen(failure), false, rayId);
    }

    /** Without the failure's own words, which could hold values of a row. */
    static String notForeseen(Throwable failure) {
        return "the call failed for a reason not foreseen ("
                + failure.getClass().getName() + "), please report it";
    }

    int size() {
        return futures.size();
    }

    /** Forgets the answers after the first {@code size}. */
    void cutTo(int size) {
        futures.subList(size, futures.size()).clear();
        values.subList(size, values.size()).clear();
    }

    /** Whatever comes, the answers so far hold: their calls are committed, or known not to be. */
    void settle() {
        settled = futures.size();
    }

    /** Forgets the answers that are not settled; how many are. */
    int cutToSettled() {
        cutTo(settled);
        return settled;
    }

    /** Gives the answers; nothing may be added any more. */
    void send() {
        if (!futures.isEmpty()) {
            callbacks.run(this);
        }
    }

    @Override
    public void run() {
        if (sender == Thread.currentThread()) {
            // The executor runs tasks on the thread that brings them; there is no second one to stand by.
            return;
        }
        standby.set(false);
        for (int i = next.getAndIncrement(); i < futures.size(); i = next.getAndIncrement()) {
            if (i + 1 < futures.size() && standby.compareAndSet(false, true)) {
                callStandby();
            }
            complete(futures.get(i), values.get(i));
        }
    }

    private void callStandby() {
        sender = Thread.currentThread();
        try {
            callbacks.run(this);
        } catch (RuntimeException | Error e) {
            // Nobody stands by, and the answer in hand must go out all the same.
        } finally {
            sender = null;
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
