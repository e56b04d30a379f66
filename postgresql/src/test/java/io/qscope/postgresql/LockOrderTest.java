package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.store.Attempt;
import io.qscope.store.Page;
import io.qscope.store.RevokeCount;
import io.qscope.store.Storage;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls that write many rows, or first rely on a root and then write it, wait for each other and are never in a deadlock: the
 * server, which counts them, finds none. Two storages race, as two processes do.
 */
@Tag("long")
@Timeout(120)
class LockOrderTest {

    private static final int ROUNDS = 100;

    /** A plan decides in which order rows are found; the two storages are given plans that find them in another order each. */
    private static final String ROLES = """
            DROP ROLE IF EXISTS by_heap; CREATE ROLE by_heap LOGIN SUPERUSER;
            ALTER ROLE by_heap SET enable_indexscan = off;
            DROP ROLE IF EXISTS by_index; CREATE ROLE by_index LOGIN SUPERUSER;
            ALTER ROLE by_index SET enable_bitmapscan = off; ALTER ROLE by_index SET enable_seqscan = off;""";

    /** Rows that two calls have in common; enough for one to come to the middle before the other begins. */
    private static final int ROWS = 40;

    private static final int CALLERS = 4;

    private static final String USER = "everybody's";

    private Storage storage;
    private Storage other;
    private Rows rows;
    private OAuthClient client;
    private int deadlocks;

    @BeforeEach
    void open() throws Exception {
        TestServer.run(ROLES);
        String location = TestServer.location(TestServer.newSchema()) + "&call_timeout=60";
        storage = Storage.open(location.replace("postgres@", "by_heap@"));
        other = Storage.open(location.replace("postgres@", "by_index@"));
        rows = new Rows(storage, new Random());
        client = rows.storedClient();
        deadlocks = deadlocks();
    }

    @AfterEach
    void noDeadlockWasFound() throws Exception {
        storage.close();
        other.close();
        // A session's end has the server count what it still has to.
        TestServer.awaitEndOfSessions("by_heap");
        TestServer.awaitEndOfSessions("by_index");
        assertThat(deadlocks()).as("deadlocks").isEqualTo(deadlocks);
    }

    private static int deadlocks() throws Exception {
        return Integer.parseInt(String.valueOf(
                TestServer.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")));
    }

    @Test
    void revocationsByClientAndByUserThatOverlap() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            insert(i -> rows.authorization(client).toBuilder().userId(USER).build());
            // Alone, without a family.
            insert(i -> rows.accessToken(client).toBuilder().userId(USER).build());
            List<RevokeCount> counts = race(caller -> caller % 2 == 0
                    ? by(caller).authorizations().revokeByClient(client.id(), attempt(), RayId.random())
                    : by(caller).authorizations().revokeByUser(USER, attempt(), RayId.random()));
            assertThat(counts.stream().mapToInt(RevokeCount::authorizations).sum())
                    .isEqualTo(ROWS);
            assertThat(counts.stream().mapToInt(RevokeCount::accessTokens).sum())
                    .isEqualTo(ROWS);
        }
        assertThat(storage.authorizations()
                        .listByClient(client.id(), Page.first(1_000), RayId.random())
                        .get(10, TimeUnit.SECONDS)
                        .rows())
                .allMatch(root -> root.revokedAt() != null);
    }

    /** One goes by age, the newest first; the other by owner. */
    @Test
    void revocationsOfTheOldestAndOfAllThatOverlap() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            insert(i -> rows.accessToken(client).toBuilder()
                    .userId(USER)
                    .createdAt(Rows.NOW.minusSeconds(i))
                    .build());
            List<RevokeCount> counts = race(caller -> caller % 2 == 0
                    ? by(caller).authorizations().revokeByClient(client.id(), attempt(), RayId.random())
                    : by(caller).accessTokens().revokeOldest(client.id(), USER, 0, attempt(), RayId.random()));
            assertThat(counts.stream().mapToInt(RevokeCount::accessTokens).sum())
                    .isEqualTo(ROWS);
        }
    }

    @Test
    void revocationsOfTheOldestRefreshTokensThatOverlap() throws Exception {
        Authorization root = rows.stored(rows.authorization(client));
        for (int round = 0; round < ROUNDS; round++) {
            List<RefreshToken> tokens = insert(i -> rows.refreshToken(root).toBuilder()
                    .userId(USER)
                    .createdAt(Rows.NOW.minusSeconds(i))
                    .build());
            List<RevokeCount> counts = race(
                    caller -> by(caller).refreshTokens().revokeOldest(client.id(), USER, 1, attempt(), RayId.random()));
            assertThat(counts.stream().mapToInt(RevokeCount::refreshTokens).sum())
                    .isEqualTo(ROWS - (round == 0 ? 1 : 0));
            assertThat(tokens).hasSize(ROWS);
        }
    }

    /** Each redeems a code of its own, and ends the family it has in common with the others. */
    @Test
    void unitsThatRelyOnARootAndThenRevokeIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Authorization root = rows.stored(rows.authorization(client));
            List<AuthorizationCode> codes = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                codes.add(rows.stored(rows.code(root)));
            }
            List<UnitOutcome> outcomes = race(caller -> by(caller)
                    .unitOfWork(attempt())
                    .consume(codes.get(caller).code())
                    .revokeAuthorization(root.id())
                    .commit(RayId.random()));
            assertThat(outcomes.stream().filter(UnitOutcome.Committed.class::isInstance))
                    .as("whoever came first; the others find the family revoked")
                    .hasSize(1);
        }
    }

    /** One guard relies on the root, the other writes it. */
    @Test
    void unitsThatRelyOnARootAndApproveADeviceOfIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Authorization root = rows.stored(rows.authorization(client));
            List<AuthorizationCode> codes = new ArrayList<>();
            List<DeviceCode> devices = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                codes.add(rows.stored(rows.code(root)));
                devices.add(rows.stored(rows.deviceCode(root)));
            }
            List<UnitOutcome> outcomes = race(caller -> by(caller)
                    .unitOfWork(attempt())
                    .consume(codes.get(caller).code())
                    .approve(devices.get(caller).userCode(), USER)
                    .commit(RayId.random()));
            assertThat(outcomes).allMatch(UnitOutcome.Committed.class::isInstance);
        }
    }

    /** What a purge deletes by id it has first looked for by age. */
    @Test
    void purgesOfRootsAndRevocationsThatOverlap() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            insert(i -> rows.authorization(client).toBuilder()
                    .userId(USER)
                    .updatedAt(Rows.NOW.minusSeconds(i))
                    .createdAt(Rows.NOW.minusSeconds(ROWS))
                    .build());
            List<Object> done = race(caller -> caller % 2 == 0
                    ? by(caller)
                            .purge(Rows.NOW, 1_000, attempt(), RayId.random())
                            .thenApply(purged -> purged)
                    : by(caller)
                            .authorizations()
                            .revokeByClient(client.id(), attempt(), RayId.random())
                            .thenApply(count -> count));
            assertThat(done).hasSize(CALLERS);
        }
    }

    /** In an order of their own, as rows come in that were made in different places. */
    private <T extends Row> List<T> insert(IntFunction<T> row) {
        List<T> made = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            made.add(row.apply(i));
        }
        Collections.shuffle(made);
        List<CompletableFuture<?>> inserted = new ArrayList<>();
        for (T each : made) {
            inserted.add(storage.unitOfWork(attempt()).insert(each).commit(RayId.random()));
        }
        inserted.forEach(CompletableFuture::join);
        return made;
    }

    private <R> List<R> race(IntFunction<CompletableFuture<R>> call) throws Exception {
        List<CompletableFuture<R>> calls = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            calls.add(call.apply(caller));
        }
        List<R> answers = new ArrayList<>();
        for (CompletableFuture<R> each : calls) {
            answers.add(each.get(60, TimeUnit.SECONDS));
        }
        return answers;
    }

    private Storage by(int caller) {
        return caller < CALLERS / 2 ? storage : other;
    }

    private static Attempt attempt() {
        return Attempt.of(Rows.NOW, "test");
    }
}
