package io.qscope.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.AccessToken;
import io.qscope.model.AccessTokenBuilder;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.Samples;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Guarantee;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is this engine's own: who shares its data, where its answers come, and what is left when it closes. */
class MemoryStorageTest {

    private static final RayId RAY = new RayId("ray");

    @Test
    void unnamedStoragesAreTheirOwn() {
        OAuthClient client = Samples.client();
        try (Storage one = Storage.open("memory:");
                Storage other = Storage.open("memory:")) {
            one.clients().insert(client, RAY).join();
            assertThat(other.clients().getById(client.id(), RAY).join()).isEmpty();
        }
    }

    @Test
    void namedStoragesAreOneUntilTheLastIsClosed() {
        String url = "memory:" + RowIds.next();
        OAuthClient client = Samples.client();
        try (Storage one = Storage.open(url)) {
            one.clients().insert(client, RAY).join();
            try (Storage other = Storage.open(url)) {
                assertThat(other.clients().getById(client.id(), RAY).join()).contains(client);
            }
            assertThat(one.clients().getById(client.id(), RAY).join()).contains(client);
            one.close();
        }
        try (Storage later = Storage.open(url)) {
            assertThat(later.clients().getById(client.id(), RAY).join()).isEmpty();
        }
    }

    @Test
    void secondCloseReleasesNothing() {
        String url = "memory:" + RowIds.next();
        OAuthClient client = Samples.client();
        Storage one = Storage.open(url);
        try (Storage other = Storage.open(url)) {
            other.clients().insert(client, RAY).join();
            one.close();
            one.close();
            try (Storage third = Storage.open(url)) {
                assertThat(third.clients().getById(client.id(), RAY).join()).contains(client);
            }
        }
    }

    @Test
    void answersComeOnTheExecutorGiven() {
        List<Runnable> answers = new ArrayList<>();
        try (MemoryStorage storage = MemoryStorage.open(answers::add)) {
            CompletableFuture<Void> insert = storage.clients().insert(Samples.client(), RAY);
            assertThat(insert).isNotDone();
            assertThat(answers).hasSize(1);
            answers.get(0).run();
            assertThat(insert).isCompleted();
        }
    }

    @Test
    void closedStorageFailsEveryCallAndLeavesTheEarlierOnesTheirAnswer() {
        List<Runnable> answers = new ArrayList<>();
        MemoryStorage storage = MemoryStorage.open(answers::add);
        CompletableFuture<Void> before = storage.clients().insert(Samples.client(), RAY);
        storage.close();
        CompletableFuture<Void> after = storage.clients().insert(Samples.client(), RAY);
        answers.forEach(Runnable::run);
        assertThat(before).isCompleted();
        assertThatThrownBy(after::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        closed -> assertThat(closed.outcomeUnknown()).isFalse());
    }

    @Test
    void claimsWhatMemoryCanKeep() {
        try (MemoryStorage storage = MemoryStorage.open()) {
            assertThat(List.of(Guarantee.values()).stream()
                            .filter(each -> !storage.guarantees().keeps(each)))
                    .containsExactly(
                            Guarantee.SHARED_BY_PROCESSES,
                            Guarantee.DURABLE_BEYOND_PROCESS,
                            Guarantee.DURABLE_BEYOND_POWER,
                            Guarantee.DURABLE_BEYOND_NODE);
            assertThat(storage.guarantees().reasonAgainst(Guarantee.SHARED_BY_PROCESSES))
                    .contains("memory belongs to one process");
        }
    }

    @Test
    void digestsAreFoundByTheirBytesAlone() {
        try (MemoryStorage storage = MemoryStorage.open()) {
            TokenDigest keyed = TokenDigest.of(TokenDigest.sha256("token").bytes(), "key-1");
            AccessToken token = standingAlone(storage).token(keyed).build();
            storage.accessTokens().insert(token, RAY).join();
            assertThat(storage.accessTokens()
                            .getByToken(TokenDigest.sha256("token"), RAY)
                            .join())
                    .contains(token);
            assertThat(storage.keysInUse(Samples.T0, RAY).join()).containsExactly("key-1");
            assertThat(storage.keysInUse(token.expiresAt(), RAY).join()).isEmpty();
        }
    }

    @Test
    void listingsAreInTheOrderOfUtf8() {
        try (MemoryStorage storage = MemoryStorage.open()) {
            // As UTF-16 the pair of surrogates would come before the full-width letter.
            List<String> ids = List.of("A", "a", "é", "\uff21", "\ud83d\ude00");
            ids.forEach(id -> storage.clients()
                    .insert(
                            Samples.client().toBuilder()
                                    .id(id)
                                    .clientIdentifier(id)
                                    .build(),
                            RAY)
                    .join());
            Slice<OAuthClient> first =
                    storage.clients().list(Page.first(3), RAY).join();
            Slice<OAuthClient> second =
                    storage.clients().list(first.nextPage(2).orElseThrow(), RAY).join();
            assertThat(first.rows()).extracting(OAuthClient::id).containsExactly("A", "a", "é");
            assertThat(second.rows()).extracting(OAuthClient::id).containsExactly("\uff21", "\ud83d\ude00");
            assertThat(second.next()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "i:", "t:x:y", "t:1:"})
    void cursorOfNoListingIsRefused(String after) {
        try (MemoryStorage storage = MemoryStorage.open()) {
            assertThatThrownBy(() ->
                            storage.clients().list(new Page(after, 10), RAY).join())
                    .hasCauseInstanceOf(InvalidRowException.class);
            assertThatThrownBy(() -> storage.auditLog()
                            .byRay(RAY, new Page(after, 10), RAY)
                            .join())
                    .hasCauseInstanceOf(InvalidRowException.class);
        }
    }

    @Test
    void failedUnitLeavesNoTrace() {
        try (MemoryStorage storage = MemoryStorage.open()) {
            AccessToken token = standingAlone(storage).build();
            storage.accessTokens().insert(token, RAY).join();
            OAuthClient another = Samples.client();
            assertThatThrownBy(() -> storage.unitOfWork(Attempt.of(Samples.T0, "test"))
                            .insert(another)
                            .deleteById(TableName.CLIENTS, token.clientId())
                            .insert(token.toBuilder().id(RowIds.next()).build())
                            .commit(RAY)
                            .join())
                    .cause()
                    .hasMessageStartingWith("part 2 of the unit of work: oauth_access_tokens ");
            assertThat(storage.clients().list(Page.first(10), RAY).join().rows())
                    .extracting(OAuthClient::id)
                    .containsExactly(token.clientId());
            assertThat(storage.accessTokens().getByToken(token.token(), RAY).join())
                    .contains(token);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without a nullness check may do
    void nullIsRefusedAtOnce() {
        try (MemoryStorage storage = MemoryStorage.open()) {
            assertThatNullPointerException().isThrownBy(() -> storage.clients().insert(null, RAY));
            assertThatNullPointerException().isThrownBy(() -> storage.clients().getById("x", null));
            assertThatNullPointerException().isThrownBy(() -> storage.unitOfWork(null));
            assertThatNullPointerException()
                    .isThrownBy(() ->
                            storage.unitOfWork(Attempt.of(Samples.T0, "test")).consume(null));
        }
    }

    private static AccessTokenBuilder standingAlone(Storage storage) {
        OAuthClient client = Samples.client();
        storage.clients().insert(client, RAY).join();
        return Samples.accessToken().toBuilder()
                .clientId(client.id())
                .authorizationId(null)
                .authorizationRevokedAt(null)
                .revokedAt(null);
    }
}
