package io.qscope.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a group of calls, given in one task on the callbacks' executor, so that handing over costs once a group. To be
 * filled by one thread.
 *
 * <p>A callback may block, and must hold up only itself. So while answers remain, a second task stands by: it does nothing
 * when the first is through before it starts, and goes on with the rest when the first hangs in a callback.
 */
public final class Answers {

    private final Callbacks callbacks;
    private final List<CompletableFuture<?>> futures;
    private final List<@Nullable Object> values;
    private int settled;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean standby = new AtomicBoolean();
    private volatile @Nullable Thread sender;

    /** No answers yet; {@code size} are expected. */
    public Answers(Callbacks callbacks, int size) {
        this.callbacks = callbacks;
        this.futures = new ArrayList<>(size);
        this.values = new ArrayList<>(size);
    }

    /** Notes a result. */
    public <R extends @Nullable Object> void answered(CompletableFuture<R> future, R value) {
        futures.add(future);
        values.add(value);
    }

    /** Notes a failure, in the words of the contract. */
    public void failed(CompletableFuture<?> future, Throwable failure) {
        futures.add(future);
        values.add(new Failure(failure));
    }

    /** How many there are. */
    public int size() {
        return futures.size();
    }

    /** Forgets the answers after the first {@code size}. */
    public void cutTo(int size) {
        futures.subList(size, futures.size()).clear();
        values.subList(size, values.size()).clear();
    }

    /** Whatever comes, the answers so far hold: their calls are committed, or known not to be. */
    public void settle() {
        settled = futures.size();
    }

    /** Forgets the answers that are not settled; how many are. */
    public int cutToSettled() {
        cutTo(settled);
        return settled;
    }

    /** Gives the answers; nothing may be added any more. */
    public void send() {
        if (!futures.isEmpty()) {
            futures.forEach(Listening::ended);
            callbacks.run(this::giveAll);
        }
    }

    private void giveAll() {
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
            callbacks.run(this::giveAll);
        } catch (RuntimeException | Error e) {
            // Nobody stands by, and the answer in hand must go out all the same.
        } finally {
            sender = null;
        }
    }

    @SuppressWarnings("unchecked")
    private static <R> void complete(CompletableFuture<R> future, @Nullable Object value) {
        if (value instanceof Failure failure) {
            Listening.fail(future, failure.cause());
        } else {
            Listening.complete(future, (R) value);
        }
    }

    private record Failure(Throwable cause) {}
}
