package io.qscope.bench.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Keeps calls in flight without a thread for each: the callback of an answer makes the next call, as an asynchronous server would. */
public final class AsyncSide implements Side {

    private final String name;
    private final Load load;
    private final Calls calls;
    private final Consumption consumption;

    /** @param firstGuess operations a second, for what is made ready before the first turn */
    public AsyncSide(String name, Load load, Calls calls, double firstGuess) {
        this.name = name;
        this.load = load;
        this.calls = calls;
        this.consumption = new Consumption(firstGuess);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(long nanos) throws Exception {
        calls.prepare(consumption.expected(load, nanos));
    }

    @Override
    public Run work(long nanos) throws InterruptedException {
        Turn turn = new Turn();
        Circumstances before = Circumstances.now();
        long start = System.nanoTime();
        try {
            if (load.isOpen()) {
                turn.open(start, nanos);
            } else {
                turn.closed(start + nanos);
            }
            turn.await();
        } finally {
            turn.stopped = true;
        }
        long took = System.nanoTime() - start;
        Throwable failure = turn.failure.get();
        if (failure != null) {
            throw new CallFailed(name, failure);
        }
        Run run = new Run(turn.done.sum(), took, turn.latencies.getIntervalHistogram(), Circumstances.since(before));
        consumption.learn(run);
        return run;
    }

    private final class Turn {

        /** Calls under way, and one for whoever makes them. */
        private final AtomicLong running = new AtomicLong(1);

        private final CountDownLatch ended = new CountDownLatch(1);
        private final LongAdder done = new LongAdder();
        private final Recorder latencies = new Recorder(3);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile boolean stopped;

        /** Waits for what is under way. */
        void await() throws InterruptedException {
            end();
            ended.await();
        }

        private void end() {
            if (running.decrementAndGet() == 0) {
                ended.countDown();
            }
        }

        void closed(long until) {
            for (int i = 0; i < load.inFlight(); i++) {
                running.incrementAndGet();
                next(until);
            }
        }

        /** A loop, since an answer that is there at once would otherwise deepen the stack. */
        private void next(long until) {
            while (true) {
                long made = System.nanoTime();
                CompletableFuture<?> answer = made - until < 0 ? made() : null;
                if (answer == null) {
                    end();
                    return;
                }
                if (!answer.isDone() || answer.isCompletedExceptionally()) {
                    var unused = answer.whenComplete((value, failed) -> {
                        if (isRecorded(made, failed)) {
                            next(until);
                        } else {
                            end();
                        }
                    });
                    return;
                }
                isRecorded(made, null);
            }
        }

        /** Makes calls when they are due, however many are under way. */
        void open(long start, long nanos) throws InterruptedException {
            long all = load.callsWithin(nanos);
            for (long n = 0; n < all; n++) {
                long due = start + load.dueAfterNanos(n);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                CompletableFuture<?> answer = made();
                if (answer == null) {
                    if (!stopped) {
                        // Unless another failure is the reason: those that come from here on would be forgotten.
                        failure.compareAndSet(null, new IllegalStateException(ThreadSide.USED_UP));
                    }
                    return;
                }
                running.incrementAndGet();
                var unused = answer.whenComplete((value, failed) -> {
                    isRecorded(due, failed);
                    end();
                });
            }
        }

        private @Nullable CompletableFuture<?> made() {
            if (stopped || failure.get() != null) {
                return null;
            }
            try {
                return calls.call();
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                return null;
            }
        }

        private boolean isRecorded(long since, @Nullable Throwable failed) {
            if (failed != null) {
                failure.compareAndSet(null, failed);
                return false;
            }
            latencies.recordValue(Math.max(0, System.nanoTime() - since));
            done.increment();
            return true;
        }
    }
}
