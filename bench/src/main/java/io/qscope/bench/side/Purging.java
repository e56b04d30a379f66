package io.qscope.bench.side;

import io.qscope.bench.data.Loading;
import io.qscope.bench.data.Sample;
import io.qscope.bench.load.CallFailed;
import io.qscope.bench.load.Rounds;
import io.qscope.bench.load.Run;
import io.qscope.bench.load.Side;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another side with a purge beside it, which stands still while that side has no turn, until nothing is left to purge. */
public final class Purging implements Side {

    /** What one call deletes at most, so that it is soon over when the turn is. */
    private static final int ROWS_A_CALL = 5_000;

    private final Side side;
    private final Storage storage;
    private final double longestSeconds;
    private long purged;
    private long nanos;
    private int turns;
    private int wholeTurns;
    private boolean done;

    /**
     * What was deleted beside the load.
     *
     * @param seconds that it took, without those in which it stood still
     * @param isDone whether nothing was left
     * @param wasBesideAll whether it went on beside all of what the comparison counts; else it was over within the only round
     */
    public record Outcome(long rows, double seconds, boolean isDone, boolean wasBesideAll) {

        /** How many of them a second. */
        public double perSecond() {
            return seconds <= 0 ? 0 : rows / seconds;
        }
    }

    /**
     * Purges the storage that the side works on.
     *
     * @param longestSeconds after which it is ended
     */
    public Purging(Side side, Storage storage, double longestSeconds) {
        this.side = side;
        this.storage = storage;
        this.longestSeconds = longestSeconds;
    }

    @Override
    public String name() {
        return side.name();
    }

    @Override
    public void prepare(long turnNanos) throws Exception {
        side.prepare(turnNanos);
    }

    @Override
    public Run work(long turnNanos) throws InterruptedException {
        Loop loop = new Loop();
        Thread thread = new Thread(loop, "purge");
        thread.start();
        Run run;
        try {
            run = side.work(turnNanos);
            turns++;
            wholeTurns += loop.done ? 0 : 1;
        } finally {
            loop.stopped = true;
            thread.join();
            purged += loop.rows;
            nanos += loop.nanos;
            done |= loop.done;
        }
        if (loop.failure != null) {
            throw new CallFailed("the purge beside " + side.name(), loop.failure);
        }
        return run;
    }

    /** What comes after a round. */
    public Rounds.Next next() {
        if (done) {
            return wholeTurns < turns ? Rounds.Next.END_WITHOUT_LAST : Rounds.Next.END;
        }
        return seconds() < longestSeconds ? Rounds.Next.ROUND : Rounds.Next.END;
    }

    /** What was purged so far. */
    public Outcome outcome() {
        return new Outcome(purged, seconds(), done, wholeTurns > 0);
    }

    private double seconds() {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private final class Loop implements Runnable {

        private long rows;
        private long nanos;
        private volatile boolean done;
        private volatile boolean stopped;
        private @Nullable Throwable failure;

        @Override
        public void run() {
            long start = System.nanoTime();
            try {
                while (!stopped && !done) {
                    int deleted = storage.purge(
                                    Loading.PURGED_BEFORE,
                                    ROWS_A_CALL,
                                    Attempt.of(Sample.NOW, Sample.BY),
                                    RayId.random())
                            .join()
                            .total();
                    rows += deleted;
                    done = deleted < ROWS_A_CALL;
                }
            } catch (CompletionException e) {
                failure = e.getCause() == null ? e : e.getCause();
            }
            nanos = System.nanoTime() - start;
        }
    }
}
