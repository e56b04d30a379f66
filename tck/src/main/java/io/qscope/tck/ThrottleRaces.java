package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ThrottleCount;
import io.qscope.store.ThrottleTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Many count the same key at the same time. */
final class ThrottleRaces {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private ThrottleRaces() {}

    /** A key that nobody has counted before: each caller is told another number. */
    static final class Count extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return count(round, own("caller", caller), Rows.NOW);
        }

        @Override
        void check(Round round, Answers answers) {
            assertEachOnce(answers, 1, CALLERS);
            assertNext(round, CALLERS + 1);
        }
    }

    /** A window that is over: the counts begin a new one together, and none is counted in the old one. */
    static final class CountAtTheEnd extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return count(round, "one", Rows.NOW.minus(WINDOW))
                    .thenCompose(one -> count(round, "two", Rows.NOW.minusMillis(1)));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return count(round, own("caller", caller), Rows.NOW);
        }

        @Override
        void check(Round round, Answers answers) {
            assertEachOnce(answers, 1, CALLERS);
            assertNext(round, CALLERS + 1);
        }
    }

    /** Pairs of callers who share an attempt, as a call and its repeat do: no number is told to two attempts, and none is left out. */
    static final class CountWithRepeats extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return count(round, own("pair", caller / 2), Rows.NOW);
        }

        @Override
        void check(Round round, Answers answers) {
            List<Integer> told = answers.counts();
            assertThat(told).as("counts, of %s", answers).hasSize(CALLERS);
            int highest = told.get(CALLERS - 1);
            assertThat(told.stream().distinct())
                    .isEqualTo(IntStream.rangeClosed(1, highest).boxed().toList());
            for (int number : told) {
                assertThat(answers.callersTold(Answers.COUNTED + number).stream()
                                .map(caller -> caller / 2)
                                .distinct())
                        .as("attempts told %s", number)
                        .hasSize(1);
            }
            assertNext(round, highest + 1);
        }
    }

    /** Everybody counts and then takes back, as who guessed right does: nothing is left, and never was it below zero. */
    static final class CountAndUncount extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return count(round, "before", Rows.NOW);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            String own = own("caller", caller);
            return count(round, own, Rows.NOW)
                    .thenCompose(counted -> throttles(round)
                            .uncount(key(round), round.attempt(own("uncount", caller)), round.ray(own))
                            .thenApply(done -> counted));
        }

        @Override
        void check(Round round, Answers answers) {
            assertThat(answers.counts())
                    .hasSize(CALLERS)
                    .allSatisfy(count -> assertThat(count).isBetween(2, CALLERS + 1));
            assertNext(round, 2);
        }
    }

    /** More take back than was counted: the counter stops at zero. */
    static final class Uncount extends Race {

        private static final int COUNTED = CALLERS / 2;

        @Override
        CompletableFuture<?> prepare(Round round) {
            CompletableFuture<?> counted = CompletableFuture.completedFuture(null);
            for (int i = 0; i < COUNTED; i++) {
                String own = own("count", i);
                counted = counted.thenCompose(before -> count(round, own, Rows.NOW));
            }
            return counted;
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            String own = own("uncount", caller);
            return throttles(round).uncount(key(round), round.attempt(own), round.ray(own));
        }

        @Override
        void check(Round round, Answers answers) {
            assertThat(answers.callersTold(Answers.DONE)).hasSize(CALLERS);
            assertNext(round, 1);
        }
    }

    private static CompletableFuture<ThrottleCount> count(Round round, String who, Instant at) {
        return throttles(round).count(key(round), WINDOW, new Attempt(round.id(who), at, who), round.ray(who));
    }

    private static void assertEachOnce(Answers answers, int first, int last) {
        assertThat(answers.counts())
                .as("counts, of %s", answers)
                .isEqualTo(IntStream.rangeClosed(first, last).boxed().toList());
    }

    /** Counts once more. */
    private static void assertNext(Round round, int expected) {
        assertThat(ContractGroup.await(count(round, "next", Rows.NOW)).count())
                .as("the next count")
                .isEqualTo(expected);
    }

    private static ThrottleTable throttles(Round round) {
        return round.storage().throttles();
    }

    private static TokenDigest key(Round round) {
        return round.digest("throttle");
    }
}
