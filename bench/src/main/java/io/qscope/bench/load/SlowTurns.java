package io.qscope.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Looks for what went on while a side reached less than half of its median. A cause is named when it took a tenth of the time,
 * and twice as much of it as in the median turn.
 */
final class SlowTurns {

    private static final double SLOW = 0.5;
    private static final double WORTH_NAMING = 0.1;
    private static final double UNUSUAL = 2;

    private record Cause(String words, ToLongFunction<Circumstances> nanos) {

        double share(Run run) {
            long wall = run.circumstances().wallNanos();
            return wall == 0 ? 0 : nanos.applyAsLong(run.circumstances()) / (double) wall;
        }
    }

    private static final List<Cause> CAUSES = List.of(
            new Cause("the garbage collector stopped this process", Circumstances::gcNanos),
            new Cause("other processes, the database server among them, had a processor", Circumstances::othersNanos),
            new Cause("something waited for a processor", Circumstances::cpuStallNanos),
            new Cause("the machine's host took a processor away", Circumstances::stolenNanos),
            new Cause("something waited for a disk", Circumstances::ioStallNanos));

    private SlowTurns() {}

    static List<String> explained(String side, List<Run> runs) {
        double median =
                Comparison.median(runs.stream().mapToDouble(Run::perSecond).toArray());
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (run.perSecond() < median * SLOW) {
                sentences.add(String.format(
                        Locale.ROOT,
                        "round %d: %s did %,.0f a second, less than half of the median %,.0f: %s",
                        i + 1,
                        side,
                        run.perSecond(),
                        median,
                        causes(run, runs)));
            }
        }
        return sentences;
    }

    private static String causes(Run slow, List<Run> runs) {
        List<String> all = new ArrayList<>();
        List<String> found = new ArrayList<>();
        long checkpoints = slow.circumstances().checkpoints();
        if (checkpoints > 0) {
            found.add("the database began a checkpoint");
        }
        for (Cause cause : CAUSES) {
            double usual =
                    Comparison.median(runs.stream().mapToDouble(cause::share).toArray());
            double share = cause.share(slow);
            String told = String.format(
                    Locale.ROOT, "%s for %.0f %% of the time (usually %.0f %%)", cause.words, share * 100, usual * 100);
            all.add(told);
            if (share >= WORTH_NAMING && share >= usual * UNUSUAL) {
                found.add(told);
            }
        }
        return found.isEmpty()
                ? "nothing that is watched stands out: " + String.join("; ", all)
                : String.join("; ", found);
    }
}
