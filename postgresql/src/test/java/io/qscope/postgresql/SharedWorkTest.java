package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.StaleRowException;
import io.qscope.store.Storage;
import io.qscope.store.StorageCall;
import io.qscope.store.TableName;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that wait together travel together, and none is the worse for its neighbours. */
@Timeout(120)
class SharedWorkTest {

    private static final int CALLS = 100;

    /** What a server says of a BEGIN that it cannot read. */
    private static final String SYNTAX_ERROR = "42601";

    private String schema;
    private Wire wire;
    private Storage storage;
    private Rows rows;
    private final Queue<StorageCall> told = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open() throws Exception {
        schema = TestServer.newSchema();
        wire = new Wire(TestServer.port());
        // With one connection each, all but the first of the calls that are made at once wait for it, together.
        storage = PostgresqlStorage.builder(TestServer.location(wire.port(), schema))
                .connections(1)
                .readers(1)
                .keys(KeyRing.of(Key.generate("test")))
                .listener(told::add)
                .open();
        rows = new Rows(storage, new Random());
        // The first entry opens the chain, and the first read makes the other connection.
        answer(storage.auditLog().getById(rows.storedAuditLog().id(), RayId.random()));
    }

    @AfterEach
    void close() throws Exception {
        storage.close();
        wire.close();
    }

    private static <T> T answer(CompletableFuture<T> call) throws Exception {
        return call.get(20, TimeUnit.SECONDS);
    }

    private static @Nullable Throwable failure(CompletableFuture<?> call) {
        return call.handle((value, failed) -> failed instanceof CompletionException e ? e.getCause() : failed)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /**
     * Whatever is called while nothing passes the wire is sent by one connection in two groups, what waited for the first in the
     * second; so one of them is at least half of it. The listener is told a little after the answer.
     */
    private void assertTravelledTogether(String operation) throws Exception {
        Eventually.holds(
                CALLS / 2 + " travelled together",
                () -> told.stream()
                        .anyMatch(call -> call.operation().equals(operation) && call.groupSize() >= CALLS / 2));
    }

    private static Attempt attempt() {
        return Attempt.of(Rows.NOW, "test");
    }

    @Test
    void lookupsThatWaitTogetherAreOneStatement() throws Exception {
        OAuthClient client = rows.storedClient();
        List<AccessToken> tokens = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            tokens.add(rows.stored(rows.accessToken(client)));
        }
        List<CompletableFuture<Optional<AccessToken>>> found = new ArrayList<>();
        List<CompletableFuture<Optional<AccessToken>>> missing = new ArrayList<>();
        wire.stall();
        for (AccessToken token : tokens) {
            found.add(storage.accessTokens().getByToken(token.token(), RayId.random()));
            missing.add(storage.accessTokens().getByToken(rows.digest(), RayId.random()));
            found.add(storage.accessTokens().getByToken(token.token(), RayId.random()));
        }
        wire.resume();
        for (int i = 0; i < CALLS; i++) {
            assertThat(answer(found.get(2 * i))).contains(tokens.get(i));
            assertThat(answer(found.get(2 * i + 1))).contains(tokens.get(i));
            assertThat(answer(missing.get(i))).isEmpty();
        }
        assertTravelledTogether("getByToken");
    }

    @Test
    void aCallAloneWaitsForNobody() throws Exception {
        OAuthClient client = rows.storedClient();
        for (int i = 0; i < 10; i++) {
            answer(storage.accessTokens().insert(rows.accessToken(client), RayId.random()));
        }
        Eventually.holds(
                "the listener was told",
                () -> told.stream()
                                .filter(call -> call.table() == TableName.ACCESS_TOKENS)
                                .count()
                        == 10);
        assertThat(told).allSatisfy(call -> assertThat(call.groupSize()).isEqualTo(1));
    }

    @Test
    void insertsThatWaitTogetherFailEachForItself() throws Exception {
        Authorization root = rows.storedAuthorization();
        Authorization revoked = rows.storedAuthorization();
        answer(storage.authorizations().revoke(revoked.id(), attempt(), RayId.random()));
        AccessToken there = rows.stored(rows.accessToken(root));
        List<CompletableFuture<Void>> good = new ArrayList<>();
        List<CompletableFuture<Void>> taken = new ArrayList<>();
        List<CompletableFuture<Void>> orphaned = new ArrayList<>();
        List<CompletableFuture<Void>> late = new ArrayList<>();
        wire.stall();
        for (int i = 0; i < CALLS; i++) {
            good.add(storage.accessTokens().insert(rows.accessToken(root), RayId.random()));
            if (i % 25 == 10) {
                AccessToken fresh = rows.accessToken(root);
                taken.add(storage.accessTokens()
                        .insert(fresh.toBuilder().token(there.token()).build(), RayId.random()));
                late.add(storage.accessTokens().insert(rows.accessToken(revoked), RayId.random()));
                orphaned.add(storage.accessTokens()
                        .insert(fresh.toBuilder().clientId("nobody").build(), RayId.random()));
            }
        }
        wire.resume();
        for (CompletableFuture<Void> call : good) {
            answer(call);
        }
        assertThat(taken).allSatisfy(call -> assertThat(failure(call)).isInstanceOf(DuplicateRowException.class));
        assertThat(late)
                .allSatisfy(call -> assertThat(failure(call)).isInstanceOf(RevokedAuthorizationException.class));
        assertThat(orphaned)
                .allSatisfy(call -> assertThat(failure(call)).isInstanceOf(MissingReferenceException.class));
        assertThat(answer(storage.rowCounts(RayId.random())).get(TableName.ACCESS_TOKENS))
                .isEqualTo(CALLS + 1L);
        assertTravelledTogether("insert");
    }

    /** Else what was sent behind it would be stored, and found there when it is sent again, in halves. */
    @Test
    void nothingOfAGroupIsAppliedWhoseBeginFails() throws Exception {
        Authorization root = rows.storedAuthorization();
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        // The first unit has its statements prepared.
        answer(unit(root));
        int before = wire.transactions();
        wire.stall();
        // A unit, for a call alone needs no transaction.
        CompletableFuture<UnitOutcome> ahead = unit(root);
        Eventually.holds("one unit is under way", () -> wire.transactions() > before);
        // All others wait for it, and for nothing else: they are the next transaction.
        wire.next(Wire.Fate.BEGIN_FAILS);
        for (int i = 0; i < CALLS; i++) {
            calls.add(storage.accessTokens().insert(rows.accessToken(root), RayId.random()));
        }
        wire.resume();
        answer(ahead);
        for (CompletableFuture<Void> call : calls) {
            answer(call);
        }
        assertThat(wire.hasPassed(SYNTAX_ERROR)).as("a BEGIN was refused").isTrue();
        assertThat(answer(storage.rowCounts(RayId.random())).get(TableName.ACCESS_TOKENS))
                .isEqualTo(CALLS + 2L);
        assertTravelledTogether("insert");
    }

    private CompletableFuture<UnitOutcome> unit(Authorization root) {
        return storage.unitOfWork(attempt())
                .insert(rows.accessToken(root))
                .insert(rows.auditLog())
                .commit(RayId.random());
    }

    @Test
    void unitsThatWaitTogetherAreOneTransactionAndLoseEachForItself() throws Exception {
        List<AuthorizationCode> codes = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            codes.add(rows.storedCode());
        }
        AuthorizationCode used = codes.get(CALLS / 3);
        answer(storage.authorizationCodes().consume(used.code(), attempt(), RayId.random()));
        List<Authorization> roots = new ArrayList<>();
        for (AuthorizationCode code : codes) {
            roots.add(root(code));
        }
        int before = wire.transactions();
        List<CompletableFuture<UnitOutcome>> units = new ArrayList<>();
        List<AuditLog> entries = new ArrayList<>();
        wire.stall();
        for (int i = 0; i < CALLS; i++) {
            AuthorizationCode code = codes.get(i);
            Authorization root = roots.get(i);
            AuditLog entry = rows.auditLog();
            entries.add(entry);
            RefreshToken refresh = rows.refreshToken(root);
            units.add(storage.unitOfWork(attempt())
                    .consume(code.code())
                    .insert(refresh)
                    .insert(rows.accessToken(root).toBuilder()
                            .refreshTokenId(refresh.id())
                            .build())
                    .insert(entry)
                    .commit(RayId.random()));
        }
        wire.resume();
        for (int i = 0; i < CALLS; i++) {
            UnitOutcome outcome = answer(units.get(i));
            boolean wins = !codes.get(i).equals(used);
            assertThat(outcome.committed()).isEqualTo(wins);
            assertThat(answer(storage.auditLog().getById(entries.get(i).id(), RayId.random()))
                            .isPresent())
                    .isEqualTo(wins);
        }
        assertThat(answer(storage.rowCounts(RayId.random())).get(TableName.ACCESS_TOKENS))
                .isEqualTo(CALLS - 1L);
        assertThat(wire.transactions() - before)
                .as("transactions for " + CALLS + " units")
                .isLessThan(CALLS / 3);
        assertTravelledTogether("commit");
    }

    private Authorization root(AuthorizationCode code) throws Exception {
        return answer(storage.authorizations().getById(code.authorizationId(), RayId.random()))
                .orElseThrow();
    }

    @Test
    void whatIsWrittenToOneRowIsWrittenInTheOrderInWhichItCame() throws Exception {
        OAuthClient client = rows.storedClient();
        try (Storage wide = Storage.open(TestServer.location(schema))) {
            List<CompletableFuture<Void>> updates = new ArrayList<>();
            for (int version = 1; version <= CALLS; version++) {
                OAuthClient next = client.toBuilder()
                        .version(version)
                        .updatedBy("update-" + version)
                        .build();
                updates.add(wide.clients().update(next, RayId.random()));
                // Others keep the other connections busy.
                updates.add(wide.clients().insert(rows.client(), RayId.random()));
            }
            for (CompletableFuture<Void> update : updates) {
                answer(update);
            }
        }
        assertThat(answer(storage.clients().getById(client.id(), RayId.random()))
                        .orElseThrow())
                .returns(CALLS + 1L, OAuthClient::version)
                .returns("update-" + CALLS, OAuthClient::updatedBy);
    }

    @Test
    void updatesThatWaitTogetherAreStaleEachForItself() throws Exception {
        List<OAuthClient> clients = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            clients.add(rows.storedClient());
        }
        List<CompletableFuture<Void>> updates = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            long version = i % 10 == 3 ? 7 : 1;
            updates.add(storage.clients()
                    .update(
                            clients.get(i).toBuilder()
                                    .version(version)
                                    .updatedBy("n" + i)
                                    .build(),
                            RayId.random()));
        }
        for (int i = 0; i < CALLS; i++) {
            if (i % 10 == 3) {
                assertThat(failure(updates.get(i))).isInstanceOf(StaleRowException.class);
            } else {
                answer(updates.get(i));
                assertThat(answer(storage.clients().getById(clients.get(i).id(), RayId.random()))
                                .orElseThrow()
                                .updatedBy())
                        .isEqualTo("n" + i);
            }
        }
    }
}
