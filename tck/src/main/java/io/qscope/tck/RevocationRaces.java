package io.qscope.tck;

import static io.qscope.tck.RotationRaces.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.store.BaseTable;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A family is revoked while others use it. Those may win or lose, but what they wrote reads back dead, and whoever begins
 * after the revocation was acknowledged loses.
 */
final class RevocationRaces {

    private RevocationRaces() {}

    /** One caller revokes, and then at once does what the others do. */
    abstract static class AgainstRevocation extends Race {

        /** What the others do. */
        abstract CompletableFuture<?> use(Round round, String who);

        @Override
        final CompletableFuture<?> call(Round round, int caller) {
            return caller == revoker(round)
                    ? Answers.of(revoke(round))
                            .thenCompose(first -> Answers.of(use(round, own("use", caller)))
                                    .thenApply(then -> first + " then " + then))
                    : use(round, own("use", caller));
        }

        CompletableFuture<?> revoke(Round round) {
            return round.storage()
                    .authorizations()
                    .revoke(round.id("root"), round.attempt("revoke"), round.ray("revoke"));
        }

        /**
         * Asserts what the revoker was told, and what a later call is told, on whichever storage.
         *
         * @param late what a call is told that began after the revocation was acknowledged
         */
        final void assertRevoked(Round round, Answers answers, String late) {
            assertThat(answers.of(revoker(round))).isEqualTo("REVOKED then " + late);
            assertThat(ContractGroup.await(Answers.of(use(round, "latest"))))
                    .as("a later call")
                    .isEqualTo(late);
            assertThat(stored(round.storage().authorizations(), round, "root").revokedAt())
                    .isEqualTo(Rows.NOW);
        }

        /** The others' answers, each one of these. */
        final void assertOthers(Round round, Answers answers, Set<String> expected) {
            new Answers(answers.words().stream()
                            .filter(word -> !word.equals(answers.of(revoker(round))))
                            .toList())
                    .onlyThese(expected);
        }

        /** How many updates were done, where the uses are updates: a revoked row may be updated, and stays revoked. */
        final int assertUpdates(Round round, Answers answers) {
            // The revoker's own update has rivals: it may be stale.
            String revoker = answers.of(revoker(round));
            assertThat(revoker).isIn("REVOKED then DONE", "REVOKED then StaleRowException");
            assertOthers(round, answers, Set.of(Answers.DONE, "StaleRowException"));
            return answers.callersTold(Answers.DONE).size() + (revoker.endsWith(Answers.DONE) ? 1 : 0);
        }

        /** In each round another caller, so that the revocation comes early, late and from either process. */
        static int revoker(Round round) {
            return (11 + 37 * round.number()) % CALLERS;
        }
    }

    /** Against the rotation of a refresh token. */
    static final class AgainstRotate extends AgainstRevocation {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return RotationRaces.preparedToken(round);
        }

        @Override
        CompletableFuture<?> use(Round round, String who) {
            return RotationRaces.rotate(round, "token", who, AMPLE);
        }

        @Override
        void check(Round round, Answers answers) {
            assertRevoked(round, answers, "REVOKED");
            assertOthers(round, answers, Set.of("ROTATED", "ROTATED_AGAIN", "REVOKED"));
            RotationRaces.assertSuccessorsAreReported(round, answers, "use");
            assertThat(answers.callersTold("ROTATED")).as("first rotations").hasSizeLessThan(2);
            assertThat(found(round.storage().refreshTokens(), round, "use").stream()
                            .flatMap(Optional::stream))
                    .as("successors that live")
                    .noneMatch(row -> row.isLive(Rows.NOW));
            RefreshToken token = stored(round.storage().refreshTokens(), round, "token");
            assertThat(token.authorizationRevokedAt()).isEqualTo(Rows.NOW);
            assertThat(token.graceUses())
                    .isEqualTo(answers.callersTold("ROTATED_AGAIN").size());
        }
    }

    /** Against inserts of codes and tokens. */
    static final class AgainstInsert extends AgainstRevocation {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage().authorizations().insert(round.root(), round.ray("prepare"));
        }

        @Override
        CompletableFuture<?> use(Round round, String who) {
            return switch (round.number() % 6) {
                case 0 -> round.storage().accessTokens().insert(round.accessToken(who), round.ray(who));
                case 1 -> round.storage().refreshTokens().insert(round.refreshToken(who), round.ray(who));
                case 2 -> round.storage().authorizationCodes().insert(round.code(who), round.ray(who));
                case 3 -> round.storage().deviceCodes().insert(round.deviceCode(who), round.ray(who));
                case 4 -> round.storage().idTokens().insert(round.idToken(who), round.ray(who));
                default -> round.storage().authorizationRequests().insert(round.request(who), round.ray(who));
            };
        }

        @Override
        void check(Round round, Answers answers) {
            String late = "RevokedAuthorizationException";
            assertRevoked(round, answers, late);
            assertOthers(round, answers, Set.of(Answers.DONE, late));
            BaseTable<? extends Row> table = switch (round.number() % 6) {
                case 0 -> round.storage().accessTokens();
                case 1 -> round.storage().refreshTokens();
                case 2 -> round.storage().authorizationCodes();
                case 3 -> round.storage().deviceCodes();
                case 4 -> round.storage().idTokens();
                default -> round.storage().authorizationRequests();
            };
            assertThat(storedBy(table, round, "use"))
                    .as("callers whose row is stored")
                    .isEqualTo(answers.callersTold(Answers.DONE));
            assertThat(found(table, round, "use").stream().flatMap(Optional::stream))
                    .as("rows that live")
                    .noneMatch(RevocationRaces::isLive);
        }
    }

    /** Against updates of the root itself, by callers who have just read it. */
    static final class AgainstUpdate extends AgainstRevocation {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage().authorizations().insert(round.root(), round.ray("prepare"));
        }

        @Override
        CompletableFuture<?> use(Round round, String who) {
            return round.storage()
                    .authorizations()
                    .getById(round.id("root"), round.ray(who))
                    .thenCompose(read -> round.storage()
                            .authorizations()
                            .update(
                                    read.orElseThrow().toBuilder()
                                            .scopes(Set.of(who))
                                            .updatedBy(who)
                                            .build(),
                                    round.ray(who)));
        }

        @Override
        void check(Round round, Answers answers) {
            int updates = assertUpdates(round, answers);
            Authorization root = stored(round.storage().authorizations(), round, "root");
            assertThat(root.revokedAt()).isEqualTo(Rows.NOW);
            assertThat(root.version()).as("times written").isEqualTo(2 + updates);
        }
    }

    /** Against updates of a token of the family, by callers who have just read it: of each kind in turn. */
    static final class AgainstUpdateOfChild extends AgainstRevocation {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return RotationRaces.preparedToken(round)
                    .thenCompose(done ->
                            round.storage().accessTokens().insert(round.accessToken("token"), round.ray("prepare")));
        }

        @Override
        CompletableFuture<?> use(Round round, String who) {
            return round.number() % 2 == 0
                    ? update(round.storage().refreshTokens(), round, who)
                    : update(round.storage().accessTokens(), round, who);
        }

        @Override
        void check(Round round, Answers answers) {
            int updates = assertUpdates(round, answers);
            RefreshToken refresh = stored(round.storage().refreshTokens(), round, "token");
            AccessToken access = stored(round.storage().accessTokens(), round, "token");
            assertThat(round.number() % 2 == 0 ? refresh.version() : access.version())
                    .as("times written")
                    .isEqualTo(1 + updates);
            assertThat(refresh.authorizationRevokedAt()).isEqualTo(Rows.NOW);
            assertThat(access.authorizationRevokedAt()).isEqualTo(Rows.NOW);
            assertThat(Stream.of(refresh, access)).as("tokens that live").noneMatch(RevocationRaces::isLive);
            assertThat(stored(round.storage().authorizations(), round, "root").revokedAt())
                    .isEqualTo(Rows.NOW);
        }

        private static <T extends Row> CompletableFuture<?> update(BaseTable<T> table, Round round, String who) {
            return table.getById(round.id("token"), round.ray(who)).thenCompose(read -> {
                T changed = RecordFields.with(read.orElseThrow(), "scopes", Set.of(who));
                return table.update(RecordFields.with(changed, "updatedBy", who), round.ray(who));
            });
        }
    }

    /** A refresh token's own revocation, against updates of it by callers who have just read it. */
    static final class TokenAgainstUpdate extends AgainstRevocation {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return RotationRaces.preparedToken(round);
        }

        @Override
        CompletableFuture<?> revoke(Round round) {
            return round.storage()
                    .refreshTokens()
                    .revoke(round.digest("token"), round.attempt("revoke"), round.ray("revoke"));
        }

        @Override
        CompletableFuture<?> use(Round round, String who) {
            return round.storage()
                    .refreshTokens()
                    .getById(round.id("token"), round.ray(who))
                    .thenCompose(read -> round.storage()
                            .refreshTokens()
                            .update(
                                    read.orElseThrow().toBuilder()
                                            .scopes(Set.of(who))
                                            .updatedBy(who)
                                            .build(),
                                    round.ray(who)));
        }

        @Override
        void check(Round round, Answers answers) {
            int updates = assertUpdates(round, answers);
            RefreshToken token = stored(round.storage().refreshTokens(), round, "token");
            assertThat(token.revokedAt()).isEqualTo(Rows.NOW);
            assertThat(token.version()).as("times written").isEqualTo(2 + updates);
        }
    }

    /** A consent's revocation, against updates of it by callers who have just read it. */
    static final class ConsentAgainstUpdate extends AgainstRevocation {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage().consents().insert(round.consent("consent"), round.ray("prepare"));
        }

        @Override
        CompletableFuture<?> revoke(Round round) {
            return round.storage().consents().revoke(round.id("consent"), round.attempt("revoke"), round.ray("revoke"));
        }

        @Override
        CompletableFuture<?> use(Round round, String who) {
            return round.storage()
                    .consents()
                    .getById(round.id("consent"), round.ray(who))
                    .thenCompose(read -> round.storage()
                            .consents()
                            .update(
                                    read.orElseThrow().toBuilder()
                                            .scopes(Set.of(who))
                                            .updatedBy(who)
                                            .build(),
                                    round.ray(who)));
        }

        @Override
        void check(Round round, Answers answers) {
            int updates = assertUpdates(round, answers);
            Consent consent = stored(round.storage().consents(), round, "consent");
            assertThat(consent.revokedAt()).isEqualTo(Rows.NOW);
            assertThat(consent.version()).as("times written").isEqualTo(2 + updates);
            assertThat(ContractGroup.await(round.storage()
                            .consents()
                            .getByClientAndUser(consent.clientId(), consent.userId(), round.ray("read"))))
                    .as("the consent that lives")
                    .isEmpty();
        }
    }

    /** Against units of work: half of them insert tokens, half rotate a refresh token and insert an access token. */
    static final class AgainstUnit extends AgainstRevocation {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return RotationRaces.preparedToken(round);
        }

        @Override
        CompletableFuture<?> use(Round round, String who) {
            var unit = round.storage().unitOfWork(round.attempt(who)).insert(round.accessToken("access-" + who));
            return (round.number() % 2 == 0
                            ? unit.rotate(round.digest("token"), round.successor("token", who), AMPLE)
                            : unit.insert(round.refreshToken(who)))
                    .insert(round.entry("entry-" + who))
                    .commit(round.ray(who));
        }

        @Override
        void check(Round round, Answers answers) {
            String late = round.number() % 2 == 0 ? "REFUSED REVOKED" : "RevokedAuthorizationException";
            assertRevoked(round, answers, late);
            assertOthers(round, answers, Set.of("COMMITTED", late));
            var winners = answers.callersTold("COMMITTED");
            assertThat(storedBy(round.storage().refreshTokens(), round, "use")).isEqualTo(winners);
            assertThat(storedBy(round.storage().accessTokens(), round, "access-use"))
                    .isEqualTo(winners);
            assertThat(storedBy(round.storage().auditLog(), round, "entry-use")).isEqualTo(winners);
            Stream<Optional<? extends Row>> rows = Stream.concat(
                    found(round.storage().refreshTokens(), round, "use").stream(),
                    found(round.storage().accessTokens(), round, "access-use").stream());
            assertThat(rows.flatMap(Optional::stream)).as("tokens that live").noneMatch(RevocationRaces::isLive);
        }
    }

    private static boolean isLive(Row row) {
        if (row instanceof AuthorizationCode code) {
            return code.isLive(Rows.NOW);
        }
        if (row instanceof DeviceCode code) {
            return code.isLive(Rows.NOW);
        }
        if (row instanceof AccessToken token) {
            return token.isLive(Rows.NOW);
        }
        if (row instanceof IdToken token) {
            return token.isLive(Rows.NOW);
        }
        if (row instanceof AuthorizationRequest request) {
            return request.isLive(Rows.NOW);
        }
        return row instanceof RefreshToken token && token.isLive(Rows.NOW);
    }
}
