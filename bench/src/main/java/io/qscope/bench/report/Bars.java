package io.qscope.bench.report;

import io.qscope.bench.load.Comparison;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Purging;
import io.qscope.bench.side.Through;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the project set out to reach, and whether a result does; see {@code docs/benchmarks.md}. */
public final class Bars {

    private static final int ROWS = 100_000;
    private static final int MANY_ROWS = 10_000_000;
    private static final int PURGED_ROWS = 1_000_000;
    private static final int IN_FLIGHT = 64;
    private static final double PURGED_THROUGHPUT = 0.8;
    private static final double SLOWDOWN = 2;
    private static final double PURGE_SECONDS = 600;
    private static final double P50 = 50;
    private static final double P99 = 99;

    private record Bar(
            String engine, Operation operation, Through through, int inFlight, String peer, int rows, double ratio) {

        Bar(String engine, Operation operation, int inFlight, String peer, double ratio) {
            this(engine, operation, Through.STORAGE, inFlight, peer, ROWS, ratio);
        }

        Bar(Operation operation, int inFlight, double ratio) {
            this("postgresql", operation, Through.SPRING, inFlight, "spring", ROWS, ratio);
        }
    }

    private static final List<Bar> RATIOS = List.of(
            new Bar("postgresql", Operation.LOOKUP, 256, "jdbc", 3.5),
            new Bar("postgresql", Operation.LOOKUP, 1, "jdbc", 0.6),
            new Bar("postgresql", Operation.INSERT, 256, "jdbc", 2),
            new Bar("postgresql", Operation.REDEEM, 256, "spring", 4),
            new Bar("sqlite", Operation.INSERT, 64, "jdbc", 3),
            new Bar("sqlite", Operation.INSERT, 256, "batch", 0.6),
            new Bar("sqlite", Operation.LOOKUP, 64, "jdbc", 0.7),
            new Bar(Operation.LOOKUP, 16, 2),
            new Bar(Operation.LOOKUP, 64, 2),
            new Bar(Operation.REDEEM, 16, 3),
            new Bar(Operation.REDEEM, 64, 3),
            new Bar(Operation.REFRESH, 16, 3),
            new Bar(Operation.REFRESH, 64, 3),
            new Bar("postgresql", Operation.LOOKUP, Through.SPRING, 16, "shipped", 1_000_000, 500));

    /**
     * One that is set for what was measured.
     *
     * @param value that was measured; not a number when it is not known
     * @param isLeast whether it should be at least as much, rather than at most
     * @param setFor the conditions that it is set for
     * @param applies whether they were kept; else the value tells something, but not whether it is reached
     */
    public record Target(String what, double value, boolean isLeast, double wanted, String setFor, boolean applies) {

        /** Whether it is, under the conditions that it is set for. */
        public boolean isReached() {
            return applies && isGoodEnough();
        }

        private boolean isGoodEnough() {
            return isLeast ? value >= wanted : value <= wanted;
        }

        /** For people. */
        public String sentence() {
            String verdict = applies
                    ? isGoodEnough() ? "reached" : "MISSED"
                    : (isGoodEnough() ? "good enough" : "too little") + ", but set for " + setFor;
            return String.format(
                    Locale.ROOT,
                    "%s: %s, wanted at %s %.2f: %s",
                    what,
                    Double.isNaN(value)
                            ? "not known"
                            : Double.isInfinite(value) ? "not done" : String.format(Locale.ROOT, "%.2f", value),
                    isLeast ? "least" : "most",
                    wanted,
                    verdict);
        }
    }

    private Bars() {}

    /** Those that are set for what was measured. */
    public static List<Target> of(Result result) {
        Comparison comparison = result.comparison();
        List<Target> targets = new ArrayList<>();
        if (result.load().isOpen()) {
            return targets;
        }
        for (Bar bar : RATIOS) {
            if (bar.engine.equals(result.engine())
                    && bar.operation == result.operation()
                    && bar.through == result.through()
                    && bar.inFlight == result.load().inFlight()
                    && bar.peer.equals(result.peer())) {
                targets.add(new Target(
                        "ratio",
                        comparison.ratio(),
                        true,
                        bar.ratio,
                        String.format(Locale.ROOT, "%,d rows", bar.rows),
                        result.rows() == bar.rows));
            }
        }
        if (result.through() != Through.STORAGE) {
            return targets;
        }
        if (result.peer().equals("self") && result.rows() > result.peerRows()) {
            targets.add(new Target(
                    "p50, times that with fewer rows",
                    comparison.latencyRatio(P50),
                    false,
                    SLOWDOWN,
                    "lookups on PostgreSQL, 64 in flight, 10,000,000 rows beside 10,000",
                    result.engine().equals("postgresql")
                            && result.operation() == Operation.LOOKUP
                            && result.load().inFlight() == IN_FLIGHT
                            && result.rows() == MANY_ROWS
                            && result.peerRows() == MANY_ROWS / 1_000));
        }
        Purging.Outcome purge = result.purge();
        if (purge != null && result.peer().equals("self")) {
            targets.addAll(besideAPurge(result, purge));
        }
        return targets;
    }

    private static List<Target> besideAPurge(Result result, Purging.Outcome purge) {
        Comparison comparison = result.comparison();
        String setFor = "1,000,000 rows purged on PostgreSQL beside 64 mixed calls in flight on 100,000 rows";
        boolean applies = result.engine().equals("postgresql")
                && result.operation() == Operation.MIXED
                && result.load().inFlight() == IN_FLIGHT
                && result.rows() == ROWS
                && result.peerRows() == ROWS
                && (purge.rows() >= PURGED_ROWS || !purge.isDone());
        boolean isKnown = purge.wasBesideAll();
        return List.of(
                new Target(
                        "throughput beside a purge, times that without",
                        isKnown ? comparison.ratio() : Double.NaN,
                        true,
                        PURGED_THROUGHPUT,
                        setFor,
                        applies),
                new Target(
                        "p99 beside a purge, times that without",
                        isKnown ? comparison.latencyRatio(P99) : Double.NaN,
                        false,
                        SLOWDOWN,
                        setFor,
                        applies),
                new Target(
                        "seconds for the purge",
                        purge.isDone() ? purge.seconds() : Double.POSITIVE_INFINITY,
                        false,
                        PURGE_SECONDS,
                        setFor,
                        applies));
    }
}
