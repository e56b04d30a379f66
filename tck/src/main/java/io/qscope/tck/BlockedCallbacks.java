package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import io.qscope.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Callbacks that block the thread which the storage completes their future on, until this is closed. */
final class BlockedCallbacks implements AutoCloseable {

    private static final int CALLBACKS = 64;
    private static final int TRIES = 200;

    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore ran = new Semaphore(0);
    private final AtomicInteger blocked = new AtomicInteger();
    private final Thread caller = Thread.currentThread();

    private final int patienceSeconds;

    private BlockedCallbacks(int patienceSeconds) {
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * Blocks 64 callbacks of reads of one client. A callback whose future was complete before the callback was given runs on
     * the caller's thread; so this goes on until enough of them ran on the storage's.
     */
    static BlockedCallbacks on(Storage storage, String client, int patienceSeconds) {
        BlockedCallbacks callbacks = new BlockedCallbacks(patienceSeconds);
        try {
            for (int i = 0; i < TRIES && callbacks.blocked.get() < CALLBACKS; i++) {
                callbacks.block(storage, client, CALLBACKS - callbacks.blocked.get());
            }
            return callbacks;
        } catch (AssertionError e) {
            callbacks.close();
            throw e;
        }
    }

    private void block(Storage storage, String client, int more) {
        List<CompletableFuture<Void>> callbacks = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            callbacks.add(storage.clients().getById(client, RayId.random()).thenRun(this::block));
        }
        try {
            assertThat(ran.tryAcquire(more, patienceSeconds, TimeUnit.SECONDS))
                    .as("all of %s calls complete while callbacks block", callbacks.size())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void block() {
        boolean onStorageThread = Thread.currentThread() != caller;
        if (onStorageThread) {
            blocked.incrementAndGet();
        }
        ran.release();
        if (onStorageThread) {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets all go on. */
    @Override
    public void close() {
        release.countDown();
    }
}
