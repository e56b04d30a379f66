package io.qscope.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Recorder;

/** Has a thread for each call under way, as callers of a blocking driver do. */
public final class ThreadSide implements Side {

    /** Why an open loop is void. */
    static final String USED_UP =
            "a call was due when all that was made ready for calls was used up; take a lower --rate";

    private static final long LONGEST_END_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String name;
    private final Load load;
    private final int threads;
    private final Callers callers;
    private final Consumption consumption;

    /**
     * @param threads how many call at once
     * @param firstGuess operations a second, for what is made ready before the first turn
     */
    public ThreadSide(String name, Load load, int threads, Callers callers, double firstGuess) {
        this.name = name;
        this.load = load;
        this.threads = threads;
        this.callers = callers;
        this.consumption = new Consumption(firstGuess);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(long nanos) throws Exception {
        callers.prepare(consumption.expected(load, nanos));
    }

    @Override
    public Run work(long nanos) throws InterruptedException {
        Turn turn = new Turn(nanos);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Long>> loops = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                loops.add(pool.submit(turn::loop));
            }
            turn.opened.await();
            Circumstances before = Circumstances.now();
            turn.begin();
            long operations = 0;
            for (Future<Long> loop : loops) {
                operations += loop.get();
            }
            long took = System.nanoTime() - turn.start;
            turn.addWhatNobodyCameTo();
            Run run = new Run(operations, took, turn.latencies.getIntervalHistogram(), Circumstances.since(before));
            consumption.learn(run);
            return run;
        } catch (ExecutionException e) {
            throw new CallFailed(name, e.getCause() == null ? e : e.getCause());
        } finally {
            turn.over.set(true);
            pool.shutdownNow();
            awaitEnd(pool);
        }
    }

    /** What threads still hold must be back before anybody takes its database away, also when this one is interrupted. */
    private static void awaitEnd(ExecutorService pool) {
        long until = System.nanoTime() + LONGEST_END_NANOS;
        boolean interrupted = false;
        boolean ended = false;
        while (!ended && System.nanoTime() - until < 0) {
            try {
                ended = pool.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            throw new IllegalStateException("calls did not end within 30 seconds");
        }
    }

    private final class Turn {

        /** Threads are started and their connections opened before the clock runs. */
        private final CountDownLatch opened = new CountDownLatch(threads);

        private final CountDownLatch begun = new CountDownLatch(1);
        private final long nanos;
        private final long due;
        private final AtomicLong taken = new AtomicLong();
        private final AtomicBoolean over = new AtomicBoolean();
        private final Recorder latencies = new Recorder(3);
        private volatile long start;
        private volatile long until;

        Turn(long nanos) {
            this.nanos = nanos;
            this.due = load.isOpen() ? load.callsWithin(nanos) : 0;
        }

        void begin() {
            start = System.nanoTime();
            until = start + nanos;
            begun.countDown();
        }

        private Callers.Caller open() throws Exception {
            try {
                return callers.open();
            } finally {
                opened.countDown();
            }
        }

        long loop() throws Exception {
            try (Callers.Caller caller = open()) {
                begun.await();
                long operations = 0;
                for (long begin = next(); begin - until < 0 && !over.get(); begin = next()) {
                    int done = caller.call();
                    if (done == 0) {
                        requireClosedLoop();
                        break;
                    }
                    latencies.recordValueWithCount(Math.max(0, System.nanoTime() - begin), done);
                    operations += done;
                }
                return operations;
            } catch (Exception | Error e) {
                over.set(true);
                throw e;
            }
        }

        /** A closed loop's turn just ends early; in an open one, whoever came when nothing was left would be forgotten. */
        private void requireClosedLoop() {
            if (load.isOpen()) {
                throw new IllegalStateException(USED_UP);
            }
        }

        /** When the next call begins; in an open loop that is when it is due, however late its turn comes. */
        private long next() throws InterruptedException {
            if (!load.isOpen()) {
                return System.nanoTime();
            }
            if (System.nanoTime() - until >= 0) {
                return until;
            }
            long n = taken.getAndIncrement();
            if (n >= due) {
                return until;
            }
            long begin = start + load.dueAfterNanos(n);
            for (long left = begin - System.nanoTime(); left > 0; left = begin - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return begin;
        }

        /** Calls that were due and that no thread was free for waited at least until now: leaving them out would flatter. */
        void addWhatNobodyCameTo() {
            long now = System.nanoTime();
            for (long n = taken.get(); n < due; n++) {
                latencies.recordValue(Math.max(0, now - start - load.dueAfterNanos(n)));
            }
        }
    }
}
