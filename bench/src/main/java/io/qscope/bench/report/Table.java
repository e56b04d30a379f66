package io.qscope.bench.report;

import io.qscope.bench.load.Comparison;
import io.qscope.bench.load.Load;
import io.qscope.bench.load.Round;
import io.qscope.bench.load.Run;
import io.qscope.bench.side.Purging;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Results for people: each round as it is done, and a table of all at the end. */
public final class Table {

    private static final double P50 = 50;
    private static final double P99 = 99;

    private final PrintWriter out;

    /** On that. */
    public Table(PrintWriter out) {
        this.out = out;
    }

    /** What is about to be measured. */
    public void begin(String title, String peer) {
        out.printf("%n%s%n", title);
        out.println(
                peer.equals("none")
                        ? "  round                qscope/s             client processor time each, in microseconds"
                        : "  round   first        qscope/s %11s   ratio    client processor time each, in microseconds"
                                .formatted(peer + "/s"));
        out.flush();
    }

    /** A round that counts. */
    public void round(int number, Round round, String peerName) {
        Run peer = round.peer();
        if (peer == null) {
            out.printf(
                    Locale.ROOT,
                    "  %5d             %12.0f                      qscope %.1f%n",
                    number,
                    round.ours().perSecond(),
                    round.ours().cpuMicrosEach());
        } else {
            out.printf(
                    Locale.ROOT,
                    "  %5d   %-6s    %12.0f %11.0f  %6.2f    qscope %.1f, %s %.1f%n",
                    number,
                    round.oursFirst() ? "qscope" : peerName,
                    round.ours().perSecond(),
                    peer.perSecond(),
                    round.ratio(),
                    round.ours().cpuMicrosEach(),
                    peerName,
                    peer.cpuMicrosEach());
        }
        out.flush();
    }

    /** The last round does not count. */
    public void leftOut(int number) {
        out.printf("  round %d does not count: the purge was over in the middle of it%n", number);
        out.flush();
    }

    /** The medians of a comparison, what is to be explained, and the bars. */
    public void end(Result result) {
        Comparison comparison = result.comparison();
        String peer = result.peer();
        if (comparison.hasPeer()) {
            out.printf(
                    Locale.ROOT,
                    "  median            %12.0f %11.0f  %6.2f    latency p50/p99: qscope %s, %s %s%n",
                    comparison.perSecond(),
                    comparison.peerPerSecond(),
                    comparison.ratio(),
                    latency(comparison.micros(P50), comparison.micros(P99)),
                    peer,
                    latency(comparison.peerMicros(P50), comparison.peerMicros(P99)));
        } else {
            out.printf(
                    Locale.ROOT,
                    "  median            %12.0f                      latency p50/p99: %s%n",
                    comparison.perSecond(),
                    latency(comparison.micros(P50), comparison.micros(P99)));
        }
        Purging.Outcome purge = result.purge();
        if (purge != null) {
            out.printf(
                    Locale.ROOT,
                    "  purged %,d rows in %.1f s, %,.0f a second%s%n",
                    purge.rows(),
                    purge.seconds(),
                    purge.perSecond(),
                    purge.isDone() ? "" : "; NOT ALL that are expired");
            if (!purge.wasBesideAll()) {
                out.println(
                        "  it was over within the only round, which tells nothing of it: give --purge more, or --seconds less");
            }
        }
        comparison.explanations("qscope", peer).forEach(sentence -> out.println("  " + sentence));
        Bars.of(result).forEach(target -> out.println("  " + target.sentence()));
        out.flush();
    }

    /** All of them, as Markdown. */
    public void summary(List<Result> results) {
        out.println();
        out.println(
                "| engine | operation | load | rows | qscope/s | p50 ms | p99 ms | peer | peer/s | p99 ms | ratio |");
        out.println("|---|---|---|---:|---:|---:|---:|---|---:|---:|---:|");
        for (Result result : results) {
            Comparison comparison = result.comparison();
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %,d | %,.0f | %s | %s | %s |",
                    result.engine(),
                    result.operation().word() + result.through().title(),
                    load(result.load()),
                    result.rows(),
                    comparison.perSecond(),
                    millis(comparison.micros(P50)),
                    millis(comparison.micros(P99)),
                    result.peer());
            if (comparison.hasPeer()) {
                out.printf(
                        Locale.ROOT,
                        " %,.0f | %s | %.2f |%n",
                        comparison.peerPerSecond(),
                        millis(comparison.peerMicros(P99)),
                        comparison.ratio());
            } else {
                out.printf(Locale.ROOT, " | | |%n");
            }
        }
        out.flush();
    }

    /** In words. */
    public static String load(Load load) {
        return load.isOpen()
                ? String.format(Locale.ROOT, "%,.0f/s", load.rate())
                : String.format(Locale.ROOT, "%,d in flight", load.inFlight());
    }

    private static String latency(double p50, double p99) {
        return millis(p50) + "/" + millis(p99) + " ms";
    }

    private static String millis(double micros) {
        return String.format(Locale.ROOT, micros < 10_000 ? "%.2f" : "%.1f", micros / 1_000);
    }
}
