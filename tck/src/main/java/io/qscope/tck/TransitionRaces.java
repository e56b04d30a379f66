package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.RefreshToken;
import io.qscope.store.DeviceCodeTable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Races for what happens once. */
final class TransitionRaces {

    private TransitionRaces() {}

    /** One code, redeemed by all: one wins. */
    static final class ConsumeOfCode extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedCode(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return round.storage()
                    .authorizationCodes()
                    .consume(round.digest("code"), round.attempt(own("caller", caller)), round.ray("race"));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("CONSUMED", "ALREADY_CONSUMED");
            AuthorizationCode row = stored(round.storage().authorizationCodes(), round, "code");
            assertThat(row.consumedAt()).isEqualTo(Rows.NOW);
            assertThat(row.updatedBy()).isEqualTo(own("caller", winner));
            assertThat(row.version()).as("times written").isEqualTo(2);
        }
    }

    /** One code, redeemed by pairs of callers who share an attempt, as a call and its repeat do: one attempt wins. */
    static final class ConsumeOfCodeWithRepeats extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedCode(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return round.storage()
                    .authorizationCodes()
                    .consume(round.digest("code"), round.attempt(own("pair", caller / 2)), round.ray("race"));
        }

        @Override
        void check(Round round, Answers answers) {
            answers.onlyThese(Set.of("CONSUMED", "ALREADY_CONSUMED"));
            List<Integer> winners = answers.callersTold("CONSUMED");
            assertThat(winners.stream().map(caller -> caller / 2).distinct())
                    .as("attempts that won, of %s", answers)
                    .hasSize(1);
            assertThat(winners).as("callers of the attempt that won").hasSize(2);
            AuthorizationCode row = stored(round.storage().authorizationCodes(), round, "code");
            assertThat(row.version()).as("times written").isEqualTo(2);
        }
    }

    /** One authorization request, used by all: one wins. */
    static final class ConsumeOfRequest extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage()
                    .authorizations()
                    .insert(round.root(), round.ray("prepare"))
                    .thenCompose(done -> round.storage()
                            .authorizationRequests()
                            .insert(round.request("request"), round.ray("prepare")));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return round.storage()
                    .authorizationRequests()
                    .consume(round.digest("request"), round.attempt(own("caller", caller)), round.ray("race"));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("CONSUMED", "ALREADY_CONSUMED");
            AuthorizationRequest row = stored(round.storage().authorizationRequests(), round, "request");
            assertThat(row.consumedAt()).isEqualTo(Rows.NOW);
            assertThat(row.updatedBy()).isEqualTo(own("caller", winner));
            assertThat(row.version()).as("times written").isEqualTo(2);
        }
    }

    /** One user code, approved by half of the callers and denied by the others: one wins. */
    static final class ApproveOrDeny extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedDeviceCode(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            DeviceCodeTable codes = round.storage().deviceCodes();
            String own = own("caller", caller);
            // By quarters, so that either is asked for by callers of both processes.
            return approves(caller)
                    ? codes.approve(round.deviceCode("code").userCode(), own, round.attempt(own), round.ray("race"))
                    : codes.deny(round.deviceCode("code").userCode(), round.attempt(own), round.ray("race"));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("DECIDED", "ALREADY_DECIDED");
            DeviceCode row = stored(round.storage().deviceCodes(), round, "code");
            Authorization root = stored(round.storage().authorizations(), round, "root");
            String user = approves(winner) ? own("caller", winner) : null;
            assertThat(row.state()).isEqualTo(approves(winner) ? DeviceCodeState.APPROVED : DeviceCodeState.DENIED);
            assertThat(row.userId()).as("the code's user").isEqualTo(user);
            assertThat(root.userId()).as("the root's user").isEqualTo(user);
            assertThat(row.version()).as("times written").isEqualTo(2);
        }

        private static boolean approves(int caller) {
            return caller / 2 % 2 == 0;
        }
    }

    /** One device code, polled by all at one moment: the polls are judged one after the other. */
    static final class Poll extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedDeviceCode(round);
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return round.storage()
                    .deviceCodes()
                    .poll(round.digest("code"), round.attempt(own("caller", caller)), round.ray("race"));
        }

        @Override
        void check(Round round, Answers answers) {
            Duration first = round.deviceCode("code").interval();
            Stream<String> slowerAndSlower =
                    IntStream.range(1, CALLERS).mapToObj(before -> "SLOW_DOWN " + first.plusSeconds(5L * before));
            assertThat(answers.words())
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(Stream.of("PENDING"), slowerAndSlower).toList());
            DeviceCode row = stored(round.storage().deviceCodes(), round, "code");
            assertThat(row.interval()).isEqualTo(first.plusSeconds(5L * (CALLERS - 1)));
            assertThat(row.version()).as("times written").isEqualTo(1 + CALLERS);
        }
    }

    /** One approved device code, redeemed by all: one wins. */
    static final class ConsumeOfDeviceCode extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return preparedDeviceCode(round)
                    .thenCompose(done -> round.storage()
                            .deviceCodes()
                            .approve(
                                    round.deviceCode("code").userCode(),
                                    "user",
                                    round.attempt("approve"),
                                    round.ray("prepare")));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return round.storage()
                    .deviceCodes()
                    .consume(round.digest("code"), round.attempt(own("caller", caller)), round.ray("race"));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("CONSUMED", "ALREADY_CONSUMED");
            DeviceCode row = stored(round.storage().deviceCodes(), round, "code");
            assertThat(row.state()).isEqualTo(DeviceCodeState.CONSUMED);
            assertThat(row.updatedBy()).isEqualTo(own("caller", winner));
            assertThat(row.version()).as("times written").isEqualTo(3);
        }
    }

    /** One row, revoked by all: one wins. Rounds take a family, an access token, a refresh token and a consent in turn. */
    static final class Revoke extends Race {

        private static final int KINDS = 4;

        @Override
        CompletableFuture<?> prepare(Round round) {
            CompletableFuture<Void> root = round.storage().authorizations().insert(round.root(), round.ray("prepare"));
            return switch (round.number() % KINDS) {
                case 0 -> root;
                case 1 ->
                    root.thenCompose(done ->
                            round.storage().accessTokens().insert(round.accessToken("token"), round.ray("prepare")));
                case 3 -> round.storage().consents().insert(round.consent("consent"), round.ray("prepare"));
                default ->
                    root.thenCompose(done ->
                            round.storage().refreshTokens().insert(round.refreshToken("token"), round.ray("prepare")));
            };
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            var attempt = round.attempt(own("caller", caller));
            return switch (round.number() % KINDS) {
                case 0 -> round.storage().authorizations().revoke(round.id("root"), attempt, round.ray("race"));
                case 1 -> round.storage().accessTokens().revoke(round.digest("token"), attempt, round.ray("race"));
                case 3 -> round.storage().consents().revoke(round.id("consent"), attempt, round.ray("race"));
                default -> round.storage().refreshTokens().revoke(round.digest("token"), attempt, round.ray("race"));
            };
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("REVOKED", "ALREADY_REVOKED");
            switch (round.number() % KINDS) {
                case 0 -> {
                    Authorization row = stored(round.storage().authorizations(), round, "root");
                    assertThat(row.revokedAt()).isEqualTo(Rows.NOW);
                    assertThat(row.updatedBy()).isEqualTo(own("caller", winner));
                }
                case 1 -> {
                    AccessToken row = stored(round.storage().accessTokens(), round, "token");
                    assertThat(row.revokedAt()).isEqualTo(Rows.NOW);
                    assertThat(row.updatedBy()).isEqualTo(own("caller", winner));
                }
                case 3 -> {
                    Consent row = stored(round.storage().consents(), round, "consent");
                    assertThat(row.revokedAt()).isEqualTo(Rows.NOW);
                    assertThat(row.updatedBy()).isEqualTo(own("caller", winner));
                }
                default -> {
                    RefreshToken row = stored(round.storage().refreshTokens(), round, "token");
                    assertThat(row.revokedAt()).isEqualTo(Rows.NOW);
                    assertThat(row.updatedBy()).isEqualTo(own("caller", winner));
                }
            }
        }
    }

    private static CompletableFuture<Void> preparedCode(Round round) {
        return round.storage()
                .authorizations()
                .insert(round.root(), round.ray("prepare"))
                .thenCompose(
                        done -> round.storage().authorizationCodes().insert(round.code("code"), round.ray("prepare")));
    }

    /** Under a root that has no user yet. */
    private static CompletableFuture<Void> preparedDeviceCode(Round round) {
        return round.storage()
                .authorizations()
                .insert(round.root().toBuilder().userId(null).build(), round.ray("prepare"))
                .thenCompose(
                        done -> round.storage().deviceCodes().insert(round.deviceCode("code"), round.ray("prepare")));
    }
}
