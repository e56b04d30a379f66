package io.qscope.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class RoundsTest {

    private final List<String> told = new ArrayList<>();

    private final Rounds rounds = new Rounds(1, 1, () -> 0L, new Rounds.Listener() {
        @Override
        public void turn(int round, String side) {
            told.add(round + " " + side);
        }

        @Override
        public void done(int number, Round round) {
            told.add("done " + number);
        }

        @Override
        public void leftOut(int number) {
            told.add("left out " + number);
        }
    });

    @Test
    void changesWhoIsFirstFromRoundToRound() throws Exception {
        rounds.warmUp(side("a"), side("b"));
        rounds.compare(2, side("a"), side("b"));

        assertThat(told).containsExactly("0 a", "0 b", "1 a", "1 b", "done 1", "2 b", "2 a", "done 2");
    }

    @Test
    void leavesOutTheLastRoundThatWasNotAccompaniedToItsEnd() throws Exception {
        Comparison whole =
                rounds.compareWhile(List.of(Rounds.Next.ROUND, Rounds.Next.END).iterator()::next, side("a"), side("b"));
        Comparison partly = rounds.compareWhile(
                List.of(Rounds.Next.ROUND, Rounds.Next.END_WITHOUT_LAST).iterator()::next, side("a"), side("b"));
        Iterator<Rounds.Next> over = List.of(Rounds.Next.END_WITHOUT_LAST).iterator();

        assertThat(whole.rounds()).hasSize(2);
        assertThat(partly.rounds()).hasSize(1);
        assertThat(rounds.compareWhile(over::next, side("a"), side("b")).rounds())
                .hasSize(1);
        assertThat(told.stream().filter(each -> each.startsWith("left"))).containsExactly("left out 2");
    }

    private static Side side(String name) {
        return new Side() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void prepare(long nanos) {}

            @Override
            public Run work(long nanos) {
                Histogram latencies = new Histogram(3);
                latencies.recordValue(1);
                return new Run(1, TimeUnit.SECONDS.toNanos(1), latencies, Circumstances.NONE);
            }
        };
    }
}
