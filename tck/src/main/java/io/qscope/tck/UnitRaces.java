package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.Consent;
import io.qscope.model.Row;
import io.qscope.store.BaseTable;
import io.qscope.store.ConsentTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Units of work that want the same row, and deletes that meet inserts. */
final class UnitRaces {

    private UnitRaces() {}

    /** Token responses to one code, as a server writes them: one is committed, and of the others nothing is stored. */
    static final class RedeemOfCode extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage()
                    .authorizations()
                    .insert(round.root(), round.ray("prepare"))
                    .thenCompose(done ->
                            round.storage().authorizationCodes().insert(round.code("code"), round.ray("prepare")));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            String own = own("own", caller);
            return round.storage()
                    .unitOfWork(round.attempt(own))
                    .insert(round.entry(own))
                    .insert(round.accessToken(own))
                    .consume(round.digest("code"))
                    .insert(round.refreshToken(own))
                    .commit(round.ray(own));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("COMMITTED", "REFUSED ALREADY_CONSUMED");
            Stream.<BaseTable<? extends Row>>of(
                            round.storage().auditLog(),
                            round.storage().accessTokens(),
                            round.storage().refreshTokens())
                    .forEach(table -> assertThat(storedBy(table, round, "own"))
                            .as("callers with rows in %s, of %s", table, answers)
                            .containsExactly(winner));
        }
    }

    /** Codes issued in answer to one authorization request: one is committed, and of the others nothing is stored. */
    static final class AnswerOfRequest extends Race {

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
            String own = own("own", caller);
            return round.storage()
                    .unitOfWork(round.attempt(own))
                    .insert(round.code(own))
                    .consumeAuthorizationRequest(round.digest("request"))
                    .insert(round.idToken(own))
                    .commit(round.ray(own));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("COMMITTED", "REFUSED ALREADY_CONSUMED");
            assertThat(storedBy(round.storage().authorizationCodes(), round, "own"))
                    .containsExactly(winner);
            assertThat(storedBy(round.storage().idTokens(), round, "own")).containsExactly(winner);
        }
    }

    /** Updates of the same two rows, in either order: no deadlock, and one unit wins both. */
    static final class UpdatesOfTwoRows extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return CompletableFuture.allOf(
                    round.storage().authorizations().insert(round.root("one"), round.ray("prepare")),
                    round.storage().authorizations().insert(round.root("two"), round.ray("prepare")));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            String own = own("own", caller);
            // By quarters, so that either order is played by both processes.
            List<String> order = caller / 2 % 2 == 0 ? List.of("one", "two") : List.of("two", "one");
            return round.storage()
                    .unitOfWork(round.attempt(own))
                    .update(written(round, order.get(0), own))
                    .update(written(round, order.get(1), own))
                    .commit(round.ray(own));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("COMMITTED", "StaleRowException");
            Stream.of("one", "two").forEach(what -> {
                Authorization root = stored(round.storage().authorizations(), round, what);
                assertThat(root.updatedBy()).as(what).isEqualTo(own("own", winner));
                assertThat(root.version()).as("times written").isEqualTo(2);
            });
        }

        private static Authorization written(Round round, String what, String by) {
            return round.root(what).toBuilder().version(1).updatedBy(by).build();
        }
    }

    /** One user consents anew by many calls at once: one unit gives the new consent, and the old one is revoked by it. */
    static final class ConsentAnew extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage().consents().insert(consent(round, "old"), round.ray("prepare"));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            String own = own("own", caller);
            return round.storage()
                    .unitOfWork(round.attempt(own))
                    .revokeConsent(round.id("old"))
                    .insert(consent(round, own))
                    .commit(round.ray(own));
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner("COMMITTED", "DuplicateRowException " + ConsentTable.LIVE_KEY);
            ConsentTable consents = round.storage().consents();
            assertThat(storedBy(consents, round, "own")).containsExactly(winner);
            Consent old = stored(consents, round, "old");
            assertThat(old.revokedAt()).isEqualTo(Rows.NOW);
            assertThat(old.updatedBy()).isEqualTo(own("own", winner));
            assertThat(old.version()).as("times written").isEqualTo(2);
            assertThat(ContractGroup.await(
                            consents.getByClientAndUser(old.clientId(), old.userId(), round.ray("read"))))
                    .contains(stored(consents, round, own("own", winner)));
        }

        private static Consent consent(Round round, String what) {
            return round.consent(what).toBuilder().userId(round.id("user")).build();
        }
    }

    /** A family is deleted while others insert into it: nothing is left behind. Needs foreign keys. */
    static final class DeleteOfFamily extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage().authorizations().insert(round.root(), round.ray("prepare"));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return caller == round.number() % CALLERS
                    ? round.storage().authorizations().deleteById(round.id("root"), round.ray("delete"))
                    : round.storage().accessTokens().insert(round.accessToken(own("own", caller)), round.ray("race"));
        }

        @Override
        void check(Round round, Answers answers) {
            assertThat(answers.of(round.number() % CALLERS)).isEqualTo(Answers.DONE);
            answers.onlyThese(Set.of(Answers.DONE, "MissingReferenceException"));
            List<Optional<AccessToken>> left = found(round.storage().accessTokens(), round, "own");
            assertThat(left.stream().flatMap(Optional::stream))
                    .as("tokens left behind")
                    .isEmpty();
        }
    }
}
