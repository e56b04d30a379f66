package io.qscope.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void takesTheMedianOfTheRoundsRatiosAndNotTheRatioOfMedians() {
        Comparison comparison = compared(new long[] {100, 200, 900}, new long[] {10, 100, 300});

        assertThat(comparison.perSecond()).isEqualTo(200);
        assertThat(comparison.peerPerSecond()).isEqualTo(100);
        // 10, 2 and 3; the medians' ratio would be 2.
        assertThat(comparison.ratio()).isEqualTo(3);
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
        assertThat(Comparison.median(4, 1, 3, 2)).isEqualTo(2.5);
        assertThat(Comparison.median(7)).isEqualTo(7);
    }

    @Test
    void addsUpTheLatenciesOfAllRounds() {
        Run fast = new Run(99, SECOND, latencies(99, 1_000), Circumstances.NONE);
        Run slow = new Run(1, SECOND, latencies(1, 50_000_000), Circumstances.NONE);
        Comparison comparison = new Comparison(List.of(new Round(true, fast, null), new Round(false, slow, null)));

        assertThat(comparison.hasPeer()).isFalse();
        assertThat(comparison.micros(50)).isCloseTo(1, within(0.01));
        assertThat(comparison.micros(100)).isCloseTo(50_000, within(100.0));
    }

    @Test
    void explainsOnlyTurnsBelowHalfOfTheirSidesMedian() {
        assertThat(compared(new long[] {100, 100, 51}, new long[] {100, 100, 100})
                        .explanations("qscope", "jdbc"))
                .isEmpty();
        assertThat(compared(new long[] {100, 100, 100}, new long[] {100, 49, 100})
                        .explanations("qscope", "jdbc"))
                .singleElement()
                .asString()
                .startsWith("round 2: jdbc did 49 a second, less than half of the median 100")
                .contains("nothing that is watched stands out", "garbage collector", "waited for a disk");
    }

    @Test
    void namesWhatTookMoreOfTheTimeThanUsual() {
        Circumstances usual = new Circumstances(SECOND, 0, SECOND / 100, SECOND / 2, 0, SECOND / 20, 0, 0);
        Circumstances stalled = new Circumstances(SECOND, 0, SECOND / 100, SECOND / 2, 0, SECOND * 3 / 4, 0, 1);
        Comparison comparison = new Comparison(List.of(
                new Round(true, run(100, usual), null),
                new Round(false, run(100, usual), null),
                new Round(true, run(10, stalled), null)));

        assertThat(comparison.explanations("qscope", "none"))
                .singleElement()
                .asString()
                .contains("the database began a checkpoint", "waited for a disk for 75 % of the time (usually 5 %)")
                .doesNotContain("garbage", "other processes");
    }

    private static Comparison compared(long[] ours, long[] peers) {
        return new Comparison(IntStream.range(0, ours.length)
                .mapToObj(
                        i -> new Round(i % 2 == 0, run(ours[i], Circumstances.NONE), run(peers[i], Circumstances.NONE)))
                .toList());
    }

    private static Run run(long perSecond, Circumstances circumstances) {
        return new Run(perSecond, SECOND, latencies(perSecond, 1_000), circumstances);
    }

    private static Histogram latencies(long count, long nanos) {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(nanos, count);
        return histogram;
    }
}
