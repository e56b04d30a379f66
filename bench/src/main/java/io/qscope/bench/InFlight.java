package io.qscope.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of calls in flight without a thread for each: the callback of an answer makes the next call, as an
 * asynchronous server would.
 */
final class InFlight implements Side {

    private final int calls;
    private final Runnable preparation;
    private final Supplier<? extends @Nullable CompletableFuture<?>> call;
    private final Latencies latencies = new Latencies();

    InFlight(int calls, Supplier<? extends CompletableFuture<?>> call) {
        this(calls, () -> {}, call);
    }

    /**
     * With something to make ready before each run.
     *
     * @param call null when what was made ready is used up, which ends the run early
     */
    InFlight(int calls, Runnable preparation, Supplier<? extends @Nullable CompletableFuture<?>> call) {
        this.calls = calls;
        this.preparation = preparation;
        this.call = call;
    }

    @Override
    public void prepare() {
        preparation.run();
    }

    /** How long each call took, from being made to its answer, in all runs since they were last cleared. */
    Latencies latencies() {
        return latencies;
    }

    @Override
    public long workUntil(long until) throws InterruptedException {
        Lanes lanes = new Lanes(until);
        for (int i = 0; i < calls; i++) {
            lanes.next();
        }
        lanes.running.await();
        Throwable failure = lanes.failure.get();
        if (failure != null) {
            throw new IllegalStateException("a measured call failed", failure);
        }
        return lanes.done.sum();
    }

    private final class Lanes {

        private final long until;
        private final CountDownLatch running = new CountDownLatch(calls);
        private final LongAdder done = new LongAdder();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Lanes(long until) {
            this.until = until;
        }

        void next() {
            long made = System.nanoTime();
            if (made - until >= 0 || failure.get() != null) {
                running.countDown();
                return;
            }
            try {
                CompletableFuture<?> answer = call.get();
                if (answer == null) {
                    running.countDown();
                    return;
                }
                var unused = answer.whenComplete((value, failed) -> answered(made, failed));
            } catch (RuntimeException | Error e) {
                stop(e);
            }
        }

        private void answered(long made, @Nullable Throwable failed) {
            if (failed != null) {
                stop(failed);
                return;
            }
            latencies.add(System.nanoTime() - made);
            done.increment();
            next();
        }

        private void stop(Throwable failed) {
            failure.compareAndSet(null, failed);
            running.countDown();
        }
    }
}
