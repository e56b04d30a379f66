package io.qscope.bench;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long calls took, in steps of 10 µs, up to a second; what took longer counts as a second. */
final class Latencies {

    private static final int STEP_NANOS = 10_000;
    private static final int STEPS = 100_000;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS + 1);

    void add(long nanos) {
        counts.incrementAndGet((int) Math.min(nanos / STEP_NANOS, STEPS));
    }

    void clear() {
        for (int i = 0; i <= STEPS; i++) {
            counts.set(i, 0);
        }
    }

    /** The time in milliseconds within which that share of the calls was answered. */
    double millis(double share) {
        long all = 0;
        for (int i = 0; i <= STEPS; i++) {
            all += counts.get(i);
        }
        long wanted = Math.round(all * share);
        long seen = 0;
        for (int i = 0; i <= STEPS; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return (i + 1) * STEP_NANOS / 1e6;
            }
        }
        return STEPS * STEP_NANOS / 1e6;
    }
}
