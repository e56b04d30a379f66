package io.qscope.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Runs two sides in turn, the first one changing from round to round, so that what the machine does beside them, and what
 * one leaves to the other, falls on both. The result is the median of the rounds' ratios.
 */
final class AlternatingRounds {

    private final Settings settings;
    private final PrintStream out;
    private final long nanos;

    AlternatingRounds(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
        this.nanos = TimeUnit.SECONDS.toNanos(settings.seconds());
    }

    /**
     * Warms both up for two rounds that do not count, then runs and prints the rounds.
     *
     * @param target the ratio that we want to reach
     */
    void compare(String title, InFlight ours, Side peer, double target) throws Exception {
        out.printf("%n%s%n", title);
        round(true, ours, peer);
        round(false, ours, peer);
        ours.latencies().clear();
        out.println("  round   first      qscope/s      peer/s   ratio    processor time each, in microseconds");
        List<Round> rounds = new ArrayList<>();
        for (int number = 1; number <= settings.rounds(); number++) {
            Round round = round(number % 2 == 1, ours, peer);
            rounds.add(round);
            out.printf("  %5d   %-6s %s%n", number, round.oursFirst ? "qscope" : "peer", line(round));
        }
        double ratio = median(rounds, Round::ratio);
        out.printf(
                Locale.ROOT,
                "  median         %12.0f  %10.0f  %6.2f    wanted %.2f: %s%n",
                median(rounds, round -> round.ours.perSecond()),
                median(rounds, round -> round.peer.perSecond()),
                ratio,
                target,
                ratio >= target ? "reached" : "MISSED");
        out.printf(
                Locale.ROOT,
                "  qscope's latency at %d in flight: p50 %.2f ms, p99 %.2f ms%n",
                settings.inFlight(),
                ours.latencies().millis(0.50),
                ours.latencies().millis(0.99));
    }

    private record Round(boolean oursFirst, Side.Run ours, Side.Run peer) {

        double ratio() {
            return ours.perSecond() / peer.perSecond();
        }
    }

    private Round round(boolean oursFirst, Side ours, Side peer) throws Exception {
        Side.Run first = (oursFirst ? ours : peer).run(nanos);
        Side.Run second = (oursFirst ? peer : ours).run(nanos);
        return oursFirst ? new Round(true, first, second) : new Round(false, second, first);
    }

    private static String line(Round round) {
        return String.format(
                Locale.ROOT,
                "%12.0f  %10.0f  %6.2f    qscope %6.1f, peer %6.1f",
                round.ours.perSecond(),
                round.peer.perSecond(),
                round.ratio(),
                round.ours.cpuMicrosEach(),
                round.peer.cpuMicrosEach());
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
