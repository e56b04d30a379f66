package io.qscope.bench.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The rounds of two sides, and their medians. A ratio is the median of the rounds' ratios, not the ratio of medians. */
public record Comparison(List<Round> rounds) {

    private static final double NANOS_A_MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    /** There must be a round. */
    public Comparison {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("no rounds");
        }
    }

    /** Whether there was a peer. */
    public boolean hasPeer() {
        return rounds.get(0).peer() != null;
    }

    /** The median of ours. */
    public double perSecond() {
        return median(round -> round.ours().perSecond());
    }

    /** The median of the peer's. */
    public double peerPerSecond() {
        return median(round -> peer(round).perSecond());
    }

    /** The median of the rounds' ratios. */
    public double ratio() {
        return median(Round::ratio);
    }

    /** Processor time of this process for each of our operations. */
    public double cpuMicros() {
        return median(round -> round.ours().cpuMicrosEach());
    }

    /** Processor time of this process for each of the peer's operations. */
    public double peerCpuMicros() {
        return median(round -> peer(round).cpuMicrosEach());
    }

    /** Within which time so many percent of all our calls were answered, over all rounds. */
    public double micros(double percentile) {
        return micros(Round::ours, percentile);
    }

    /** Within which time so many percent of all the peer's calls were answered, over all rounds. */
    public double peerMicros(double percentile) {
        return micros(Comparison::peer, percentile);
    }

    /** The median of how many times the peer's latency ours is, round by round. */
    public double latencyRatio(double percentile) {
        return median(round -> (double) round.ours().latencies().getValueAtPercentile(percentile)
                / peer(round).latencies().getValueAtPercentile(percentile));
    }

    private double micros(Function<Round, Run> side, double percentile) {
        Histogram all = new Histogram(3);
        rounds.forEach(round -> all.add(side.apply(round).latencies()));
        return all.getValueAtPercentile(percentile) / NANOS_A_MICRO;
    }

    private static Run peer(Round round) {
        return Objects.requireNonNull(round.peer(), "there is no peer");
    }

    private double median(ToDoubleFunction<Round> of) {
        return median(rounds.stream().mapToDouble(of).toArray());
    }

    /** The value in the middle; of an even number, the mean of the two there. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** A sentence for each turn that reached less than half of its side's median. */
    public List<String> explanations(String oursName, String peerName) {
        List<String> sentences = new ArrayList<>(SlowTurns.explained(oursName, runs(Round::ours)));
        if (hasPeer()) {
            sentences.addAll(SlowTurns.explained(peerName, runs(Comparison::peer)));
        }
        return sentences;
    }

    private List<Run> runs(Function<Round, Run> side) {
        return rounds.stream().map(side).toList();
    }
}
