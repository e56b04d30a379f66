package io.qscope.bench.load;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What went on in a time beside the calls themselves; all in nanoseconds, counted from some moment. What the system does not
 * tell is 0.
 *
 * @param wallNanos that passed
 * @param cpuNanos processor time of this process
 * @param gcNanos in which its garbage collector stopped it
 * @param othersNanos processor time of all others: the database server, and whatever else the machine does
 * @param stolenNanos processor time that the machine's host gave to others
 * @param ioStallNanos in which some task waited for a disk
 * @param cpuStallNanos in which some task waited for a processor
 * @param checkpoints that the database began
 */
public record Circumstances(
        long wallNanos,
        long cpuNanos,
        long gcNanos,
        long othersNanos,
        long stolenNanos,
        long ioStallNanos,
        long cpuStallNanos,
        long checkpoints) {

    private static final Path PROCESSORS = Path.of("/proc/stat");
    private static final Path DISK_PRESSURE = Path.of("/proc/pressure/io");
    private static final Path PROCESSOR_PRESSURE = Path.of("/proc/pressure/cpu");

    /** The kernel counts in hundredths of a second there, on every architecture that Java runs on. */
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1) / 100;

    /** Nothing at all. */
    public static final Circumstances NONE = new Circumstances(0, 0, 0, 0, 0, 0, 0, 0);

    /** Counted until now. */
    public static Circumstances now() {
        long cpu = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
        long gcMillis = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        long[] ticks = processors();
        return new Circumstances(
                System.nanoTime(),
                cpu,
                TimeUnit.MILLISECONDS.toNanos(gcMillis),
                Math.max(0, ticks[0] * TICK_NANOS - cpu),
                ticks[1] * TICK_NANOS,
                stall(DISK_PRESSURE),
                stall(PROCESSOR_PRESSURE),
                0);
    }

    /** What was counted since. */
    public static Circumstances since(Circumstances before) {
        Circumstances now = now();
        return new Circumstances(
                now.wallNanos - before.wallNanos,
                now.cpuNanos - before.cpuNanos,
                now.gcNanos - before.gcNanos,
                Math.max(0, now.othersNanos - before.othersNanos),
                now.stolenNanos - before.stolenNanos,
                now.ioStallNanos - before.ioStallNanos,
                now.cpuStallNanos - before.cpuStallNanos,
                0);
    }

    /** With what the database tells. */
    Circumstances checkpoints(long begun) {
        return new Circumstances(
                wallNanos, cpuNanos, gcNanos, othersNanos, stolenNanos, ioStallNanos, cpuStallNanos, begun);
    }

    /** Ticks that the processors were busy, and those that were stolen. */
    private static long[] processors() {
        for (String line : lines(PROCESSORS)) {
            if (line.startsWith("cpu ")) {
                String[] words = line.strip().split("\\s+");
                // user, nice, system; then idle, iowait; then irq, softirq, steal
                long busy = at(words, 1) + at(words, 2) + at(words, 3) + at(words, 6) + at(words, 7);
                return new long[] {busy, at(words, 8)};
            }
        }
        return new long[] {0, 0};
    }

    private static long at(String[] words, int place) {
        return place < words.length ? Long.parseLong(words[place]) : 0;
    }

    private static long stall(Path pressure) {
        for (String line : lines(pressure)) {
            if (line.startsWith("some ")) {
                return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(line.substring(line.indexOf("total=") + 6)));
            }
        }
        return 0;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException notTold) {
            return List.of();
        }
    }
}
