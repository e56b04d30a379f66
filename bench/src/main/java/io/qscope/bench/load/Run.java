package io.qscope.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What came of a side's turn.
 *
 * @param operations how many were done
 * @param nanos how long they took, from the first's begin to the last's end
 * @param latencies how long each call took, in nanoseconds: in a closed loop from its being made, in an open loop from when it
 *     was due
 * @param circumstances what else went on
 */
public record Run(long operations, long nanos, Histogram latencies, Circumstances circumstances) {

    /** Operations a second. */
    public double perSecond() {
        return nanos == 0 ? 0 : operations / seconds();
    }

    /** Processor time of this process for each operation, which depends less on what else the machine does. */
    public double cpuMicrosEach() {
        return operations == 0 ? 0 : circumstances.cpuNanos() / 1e3 / operations;
    }

    /** Within which time so many percent of the calls were answered. */
    public double micros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / (double) TimeUnit.MICROSECONDS.toNanos(1);
    }

    /** How long they took. */
    public double seconds() {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
