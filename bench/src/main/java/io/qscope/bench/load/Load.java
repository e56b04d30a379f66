package io.qscope.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * How calls arrive.
 *
 * @param inFlight calls under way at once, in a closed loop: each answer makes the next call
 * @param rate calls a second that arrive whatever the answers do (an open loop); 0 for a closed loop
 */
public record Load(int inFlight, double rate) {

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Each answer makes the next call. */
    public static Load closed(int inFlight) {
        return new Load(inFlight, 0);
    }

    /** Calls arrive at this rate. */
    public static Load open(double rate) {
        return new Load(0, rate);
    }

    /** Whether calls arrive at a rate. */
    public boolean isOpen() {
        return rate > 0;
    }

    /** When the nth call of an open loop is due, after the first. */
    long dueAfterNanos(long n) {
        return (long) (n * SECOND / rate);
    }

    /** How many calls of an open loop are due within that time. */
    public long callsWithin(long nanos) {
        return (long) Math.ceil(nanos / SECOND * rate);
    }
}
