package io.qscope.bench.report;

import io.qscope.bench.load.Comparison;
import io.qscope.bench.side.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the project set out to reach, and whether a result does; see {@code docs/benchmarks.md}. */
public final class Bars {

    private static final double PURGED_THROUGHPUT = 0.8;
    private static final double SLOWDOWN = 2;
    private static final double PURGE_SECONDS = 600;
    private static final double P50 = 50;
    private static final double P99 = 99;

    private record Bar(String engine, Operation operation, int inFlight, String peer, double ratio) {}

    private static final List<Bar> RATIOS = List.of(
            new Bar("postgresql", Operation.LOOKUP, 256, "jdbc", 3.5),
            new Bar("postgresql", Operation.LOOKUP, 1, "jdbc", 0.6),
            new Bar("postgresql", Operation.INSERT, 256, "jdbc", 2),
            new Bar("postgresql", Operation.REDEEM, 256, "spring", 4),
            new Bar("sqlite", Operation.INSERT, 64, "jdbc", 3),
            new Bar("sqlite", Operation.INSERT, 256, "batch", 0.6),
            new Bar("sqlite", Operation.LOOKUP, 64, "jdbc", 0.7));

    private Bars() {}

    /** A sentence for each bar that is set for what was measured. */
    public static List<String> judge(Result result) {
        Comparison comparison = result.comparison();
        List<String> sentences = new ArrayList<>();
        if (result.load().isOpen() || !result.through().equals("storage")) {
            return sentences;
        }
        for (Bar bar : RATIOS) {
            if (bar.engine.equals(result.engine())
                    && bar.operation == result.operation()
                    && bar.inFlight == result.load().inFlight()
                    && bar.peer.equals(result.peer())) {
                sentences.add(atLeast("ratio", comparison.ratio(), bar.ratio));
            }
        }
        if (result.peer().equals("self") && result.rows() > result.peerRows()) {
            sentences.add(atMost("p50, times that with fewer rows", comparison.latencyRatio(P50), SLOWDOWN));
        }
        Result.Purge purge = result.purge();
        if (purge != null && result.peer().equals("self")) {
            sentences.add(atLeast("throughput beside a purge", comparison.ratio(), PURGED_THROUGHPUT));
            sentences.add(atMost("p99, times that without a purge", comparison.latencyRatio(P99), SLOWDOWN));
            sentences.add(atMost(
                    "seconds for the purge",
                    purge.isDone() ? purge.seconds() : Double.POSITIVE_INFINITY,
                    PURGE_SECONDS));
        }
        return sentences;
    }

    private static String atLeast(String what, double value, double bar) {
        return sentence(what, value, "at least", bar, value >= bar);
    }

    private static String atMost(String what, double value, double bar) {
        return sentence(what, value, "at most", bar, value <= bar);
    }

    private static String sentence(String what, double value, String how, double bar, boolean reached) {
        return String.format(
                Locale.ROOT, "%s: %.2f, wanted %s %.2f: %s", what, value, how, bar, reached ? "reached" : "MISSED");
    }
}
