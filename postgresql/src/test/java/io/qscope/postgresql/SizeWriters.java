package io.qscope.postgresql;

import io.qscope.model.Authorization;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that each insert one access token after the other, as long as they are let, and note how long each took. */
final class SizeWriters {

    /** How long the writers waited for an answer; in nanoseconds, sorted. */
    record Waits(List<Long> nanos, int failures) {

        long writes() {
            return nanos.size();
        }

        private double millis(double share) {
            return nanos.get((int) Math.min(nanos.size() - 1, (long) (nanos.size() * share))) / 1e6;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "p50 %.1f, p99 %.1f, at the most %.1f ms (%d of them)",
                    millis(0.5),
                    millis(0.99),
                    millis(1),
                    nanos.size());
        }
    }

    private final Storage storage;
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean goOn = true;

    private SizeWriters(Storage storage) {
        this.storage = storage;
    }

    static SizeWriters started(String location, Authorization root, int count) {
        SizeWriters writers = new SizeWriters(Storage.open(location + "&call_timeout=60"));
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> writers.write(root), "writer-" + i);
            writers.threads.add(thread);
            thread.start();
        }
        return writers;
    }

    private void write(Authorization root) {
        Rows rows = new Rows(storage, new Random());
        while (goOn) {
            var token = rows.accessToken(root);
            long began = System.nanoTime();
            boolean failed = storage.accessTokens()
                    .insert(token, RayId.random())
                    .handle((done, failure) -> failure != null)
                    .join();
            if (failed) {
                failures.incrementAndGet();
            } else {
                nanos.add(System.nanoTime() - began);
                written.incrementAndGet();
            }
        }
    }

    void awaitWrites(int count) throws Exception {
        Eventually.holds(count + " rows are written", () -> written.get() >= count);
    }

    Waits finished() throws InterruptedException {
        goOn = false;
        for (Thread thread : threads) {
            thread.join();
        }
        storage.close();
        return new Waits(nanos.stream().sorted().toList(), failures.get());
    }
}
