package io.qscope.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** One of two that do the same work. */
interface Side {

    /** Makes ready what the next run uses up; untimed. */
    default void prepare() throws Exception {}

    /** Works until {@link System#nanoTime} says {@code until}, and finishes what it began; returns how many operations it did. */
    long workUntil(long until) throws Exception;

    /** Makes ready, then works for so long, and takes the time. */
    default Run run(long nanos) throws Exception {
        prepare();
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        long operations = workUntil(start + nanos);
        return new Run(operations, System.nanoTime() - start, process.getProcessCpuTime() - cpu);
    }

    /**
     * What came of it.
     *
     * @param operations how many were done
     * @param nanos how long they took, from the first's begin to the last's end
     * @param cpuNanos processor time of this process meanwhile, which depends less on what else the machine does
     */
    record Run(long operations, long nanos, long cpuNanos) {

        double perSecond() {
            return operations * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
        }

        double cpuMicrosEach() {
            return cpuNanos / 1e3 / operations;
        }
    }
}
