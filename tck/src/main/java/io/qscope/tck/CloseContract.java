package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.store.Grace;
import io.qscope.store.Guarantee;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What closing promises to those who called before, meanwhile and after. */
abstract class CloseContract extends ContractGroup {

    private static final int PENDING = 1_000;
    private static final Duration BOUND = Duration.ofSeconds(5);

    CloseContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void pendingCallsAreAnsweredWithinFiveSeconds() {
        Storage storage = empty();
        Authorization root = rows(storage).storedAuthorization();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < PENDING; i++) {
            calls.add(pending(storage, root, i));
        }
        long began = System.nanoTime();
        storage.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as("close()").isLessThan(BOUND);
        for (CompletableFuture<?> call : calls) {
            assertAnswered(call, began);
        }
    }

    @Test
    void whatSucceededBeforeTheCloseIsStoredAndWhatFailedIsNot() {
        claims(Guarantee.DURABLE_BEYOND_PROCESS);
        String location = emptyLocation();
        Storage storage = closedAfterTest(kit().open(location));
        OAuthClient client = rows(storage).storedClient();
        Map<AccessToken, CompletableFuture<?>> inserts = new LinkedHashMap<>();
        for (int i = 0; i < PENDING; i++) {
            AccessToken token = rows(storage).accessToken(client);
            inserts.put(token, storage.accessTokens().insert(token, ray()));
        }
        long began = System.nanoTime();
        storage.close();
        Storage reopened = closedAfterTest(kit().open(location));
        inserts.forEach((token, insert) -> {
            boolean stored =
                    await(reopened.accessTokens().getById(token.id(), ray())).isPresent();
            StorageUnavailableException failure = assertAnswered(insert, began);
            if (failure == null || !failure.outcomeUnknown()) {
                assertThat(stored).as("stored").isEqualTo(failure == null);
            }
        });
    }

    @Test
    void closingTwiceDoesNothing() {
        Storage storage = kit().open(emptyLocation());
        storage.close();
        assertThatCode(storage::close).doesNotThrowAnyException();
    }

    @Test
    void callsAfterTheCloseFail() {
        Storage storage = kit().open(emptyLocation());
        storage.close();
        for (Function<RayId, CompletableFuture<?>> call : calls(storage)) {
            StorageUnavailableException failure = failure(StorageUnavailableException.class, call);
            assertThat(failure.outcomeUnknown()).as("outcome unknown").isFalse();
        }
    }

    @Test
    void closeDoesNotWaitForCallbacks() {
        Storage storage = empty();
        OAuthClient client = rows(storage).storedClient();
        try (BlockedCallbacks blocked = BlockedCallbacks.on(storage, client.id(), kit().patienceSeconds())) {
            long began = System.nanoTime();
            storage.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("close()")
                    .isLessThan(BOUND);
        }
    }

    /** Writes, reads and units in turn. */
    private CompletableFuture<?> pending(Storage storage, Authorization root, int i) {
        Rows rows = rows(storage);
        return switch (i % 3) {
            case 0 -> storage.accessTokens().insert(rows.accessToken(root), ray());
            case 1 -> storage.authorizations().getById(root.id(), ray());
            default ->
                storage.unitOfWork(attempt(Rows.NOW))
                        .insert(rows.accessToken(root))
                        .insert(rows.refreshToken(root))
                        .commit(ray());
        };
    }

    /** Asserts that the call succeeded or found the storage unavailable, within the bound; returns the failure. */
    private static @Nullable StorageUnavailableException assertAnswered(CompletableFuture<?> call, long began) {
        try {
            call.get(BOUND.toNanos() - (System.nanoTime() - began), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(StorageUnavailableException.class);
            return (StorageUnavailableException) e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("a pending call was not answered within " + BOUND + " of close()", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** One call of each kind: reads, writes, transitions, listings, units, and what the storage itself does. */
    private List<Function<RayId, CompletableFuture<?>>> calls(Storage storage) {
        Rows rows = rows();
        OAuthClient client = rows.client();
        Authorization root = rows.authorization(client);
        RefreshToken token = rows.refreshToken(root);
        return List.of(
                ray -> storage.clients().insert(client, ray),
                ray -> storage.clients().getByClientIdentifier("client", ray),
                ray -> storage.clients().list(Page.first(1), ray),
                ray -> storage.authorizations().update(root, ray),
                ray -> storage.authorizations().revoke("id", attempt(Rows.NOW), ray),
                ray -> storage.authorizationCodes().consume(rows.digest(), attempt(Rows.NOW), ray),
                ray -> storage.authorizationCodes().deleteByCode(rows.digest(), ray),
                ray -> storage.accessTokens().getByToken(rows.digest(), ray),
                ray -> storage.accessTokens().getFamily(rows.digest(), ray),
                ray -> storage.accessTokens().deleteById("id", ray),
                ray -> storage.refreshTokens()
                        .rotate(token.token(), rows.successorOf(token), Grace.NONE, attempt(Rows.NOW), ray),
                ray -> storage.refreshTokens().revokeOldest("client", null, 1, attempt(Rows.NOW), ray),
                ray -> storage.deviceCodes().poll(rows.digest(), attempt(Rows.NOW), ray),
                ray -> storage.deviceCodes().approve(rows.digest(), "user", attempt(Rows.NOW), ray),
                ray -> storage.idTokens().getByToken(rows.digest(), ray),
                ray -> storage.idTokens().listByAuthorization("id", Page.first(1), ray),
                ray -> storage.authorizationRequests().consume(rows.digest(), attempt(Rows.NOW), ray),
                ray -> storage.consents().listByUser("user", Page.first(1), ray),
                ray -> storage.consents().revoke("id", attempt(Rows.NOW), ray),
                ray -> storage.throttles().count(rows.digest(), Duration.ofMinutes(1), attempt(Rows.NOW), ray),
                ray -> storage.throttles().uncount(rows.digest(), attempt(Rows.NOW), ray),
                ray -> storage.auditLog().insert(rows.auditLog(), ray),
                ray -> storage.auditLog().byRay(ray, Page.first(1), ray),
                ray -> storage.unitOfWork(attempt(Rows.NOW)).insert(client).commit(ray),
                ray -> storage.purge(Rows.NOW, 1, attempt(Rows.NOW), ray),
                ray -> storage.keysInUse(Rows.NOW, ray),
                storage::rowCounts,
                storage::health,
                storage::migrate);
    }
}
