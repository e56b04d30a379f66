package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RefreshToken;
import io.qscope.store.Grace;
import io.qscope.store.RefreshTokenTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Races for the rotation of a refresh token: whatever happens, the successors stored are those reported. */
final class RotationRaces {

    /** As many uses as there are callers, and more. */
    static final Grace AMPLE = new Grace(Duration.ofMinutes(1), 100);

    private RotationRaces() {}

    /** Without a grace: one wins. */
    static final class Rotate extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedToken(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return rotate(round, "token", own("heir", caller), Grace.NONE);
        }

        @Override
        void check(Round round, Answers answers) {
            answers.onlyWinner("ROTATED", "ALREADY_ROTATED");
            assertSuccessorsAreReported(round, answers, "heir");
            assertRotated(round, 0);
        }
    }

    /** By pairs of callers who share an attempt, as a call and its repeat do: one attempt wins. */
    static final class RotateWithRepeats extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedToken(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return rotate(round, "token", own("heir", caller / 2), Grace.NONE);
        }

        @Override
        void check(Round round, Answers answers) {
            answers.onlyThese(Set.of("ROTATED", "ALREADY_ROTATED"));
            List<Integer> winners = answers.callersTold("ROTATED");
            assertThat(winners).as("callers of the one attempt that won").hasSize(2);
            assertThat(storedBy(round.storage().refreshTokens(), round, "heir"))
                    .as("the one successor stored, of %s", answers)
                    .containsExactly(winners.get(0) / 2)
                    .containsExactly(winners.get(1) / 2);
            assertRotated(round, 0);
        }
    }

    /** With a grace: one wins, and as many more as the grace allows. */
    static final class RotateWithinGrace extends Race {

        private static final int MORE = 3;

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedToken(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return rotate(round, "token", own("heir", caller), new Grace(Duration.ofMinutes(1), MORE));
        }

        @Override
        void check(Round round, Answers answers) {
            answers.onlyThese(Set.of("ROTATED", "ROTATED_AGAIN", "ALREADY_ROTATED"));
            assertThat(answers.callersTold("ROTATED")).as("first rotations").hasSize(1);
            assertThat(answers.callersTold("ROTATED_AGAIN"))
                    .as("rotations within the grace")
                    .hasSize(MORE);
            assertSuccessorsAreReported(round, answers, "heir");
            assertRotated(round, MORE);
        }
    }

    /** With a grace, while others rotate its successors: once one of them is rotated, the grace is over. */
    static final class RotateOfSuccessors extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedToken(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return isElder(caller)
                    ? rotate(round, "token", own("heir", caller), AMPLE)
                    : rotate(round, own("heir", caller - CALLERS / 2), own("heir", caller), AMPLE);
        }

        @Override
        void check(Round round, Answers answers) {
            answers.onlyThese(Set.of("UNKNOWN", "ROTATED", "ROTATED_AGAIN", "ALREADY_ROTATED"));
            assertSuccessorsAreReported(round, answers, "heir");
            assertThat(answers.callersTold("ROTATED").stream().filter(RotateOfSuccessors::isElder))
                    .as("first rotations, of %s", answers)
                    .hasSize(1);
            assertRotated(round, (int) answers.callersTold("ROTATED_AGAIN").stream()
                    .filter(RotateOfSuccessors::isElder)
                    .count());
            List<Optional<RefreshToken>> heirs = found(round.storage().refreshTokens(), round, "heir");
            assertThat(IntStream.range(0, CALLERS / 2))
                    .as("successors are rotated if and only if that was reported")
                    .allSatisfy(elder -> assertThat(heirs.get(elder)
                                    .map(RefreshToken::rotatedAt)
                                    .isPresent())
                            .isEqualTo(answers.of(elder + CALLERS / 2).equals("ROTATED")));
        }

        private static boolean isElder(int caller) {
            return caller < CALLERS / 2;
        }
    }

    static CompletableFuture<Void> preparedToken(Round round) {
        return round.storage()
                .authorizations()
                .insert(round.root(), round.ray("prepare"))
                .thenCompose(done ->
                        round.storage().refreshTokens().insert(round.refreshToken("token"), round.ray("prepare")));
    }

    /** One attempt, named after its successor. */
    static CompletableFuture<?> rotate(Round round, String token, String successor, Grace grace) {
        RefreshTokenTable tokens = round.storage().refreshTokens();
        return tokens.rotate(
                round.digest(token),
                round.successor(token, successor),
                grace,
                round.attempt(successor),
                round.ray(successor));
    }

    /** A successor exists if and only if it was reported. */
    static void assertSuccessorsAreReported(Round round, Answers answers, String what) {
        assertThat(Race.storedBy(round.storage().refreshTokens(), round, what))
                .as("callers whose successor is stored, of %s", answers)
                .containsExactlyInAnyOrderElementsOf(Stream.of("ROTATED", "ROTATED_AGAIN")
                        .flatMap(won -> answers.callersTold(won).stream())
                        .toList());
    }

    private static void assertRotated(Round round, int again) {
        RefreshToken row = Race.stored(round.storage().refreshTokens(), round, "token");
        assertThat(row.rotatedAt()).isEqualTo(Rows.NOW);
        assertThat(row.graceUses()).as("uses within the grace").isEqualTo(again);
        assertThat(row.version()).as("times written").isEqualTo(2 + again);
    }
}
