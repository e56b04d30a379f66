package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.qscope.model.AccessToken;
import io.qscope.model.OAuthClient;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlStorage;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Storage;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engine does with many calls at once, and when the file or its lock fails it. */
@Timeout(120)
class SqliteEngineTest {

    @TempDir
    Path folder;

    Path file = Path.of("");

    @BeforeEach
    void nameFile() {
        file = folder.resolve(UUID.randomUUID() + ".db");
    }

    @Test
    void aFailingCallTouchesNoNeighbourInItsGroup() {
        try (Storage storage = SqliteStorage.builder(file).open()) {
            OAuthClient client = Sqlite.storedClient(storage);
            List<AccessToken> tokens = tokens(storage, client, 100, "");
            Sqlite.await(storage.accessTokens().insert(tokens.get(50), Sqlite.ray()));
            List<CompletableFuture<Void>> calls = insert(storage, tokens);
            for (int i = 0; i < tokens.size(); i++) {
                Throwable failure = Sqlite.failure(calls.get(i));
                if (i == 50) {
                    assertThat(failure).isInstanceOf(DuplicateRowException.class);
                } else {
                    assertThat(failure).isNull();
                }
                assertThat(Sqlite.isStored(storage, tokens.get(i))).isTrue();
            }
        }
    }

    /**
     * SQLite rolls the whole transaction back when the file is full; statements that then ran in the same group would commit by
     * themselves, and those before the failure would be acknowledged and gone.
     */
    @Test
    void whenTheFileIsFullNothingAcknowledgedIsLostAndNothingRefusedIsStored() {
        Map<AccessToken, CompletableFuture<Void>> calls = new LinkedHashMap<>();
        SqlEngine engine = SqliteStorage.builder(file).start();
        int stored = 0;
        try (Storage storage = new SqlStorage(engine)) {
            OAuthClient client = Sqlite.storedClient(storage);
            HandMade.limitPages(engine, 40);
            for (int i = 0; i < 300; i++) {
                // Now and then one that cannot fit, between many that can for a while.
                AccessToken token = tokens(storage, client, 1, i % 20 == 10 ? "x".repeat(15_900) : "")
                        .get(0);
                calls.put(token, storage.accessTokens().insert(token, Sqlite.ray()));
            }
            for (CompletableFuture<Void> call : calls.values()) {
                Throwable failure = Sqlite.failure(call);
                if (failure == null) {
                    stored++;
                } else {
                    assertThat(failure)
                            .asInstanceOf(type(StorageUnavailableException.class))
                            .matches(e -> !e.outcomeUnknown(), "known not to be stored");
                    assertThat(failure).hasMessageContainingAll(file.toString(), "no room is left", "SQLITE_FULL");
                }
            }
        }
        assertThat(stored).isBetween(1, 285);
        try (Storage storage = SqliteStorage.builder(file).open()) {
            calls.forEach((token, call) ->
                    assertThat(Sqlite.isStored(storage, token)).isEqualTo(!call.isCompletedExceptionally()));
        }
    }

    @Test
    void aFullQueueRefusesAtOnce() throws SQLException {
        try (Storage storage = SqliteStorage.builder(file)
                .maxWaitingCalls(10)
                .busyTimeout(Duration.ofSeconds(60))
                .open()) {
            OAuthClient client = Sqlite.storedClient(storage);
            try (Connection other = Sqlite.connect(file)) {
                Sqlite.run(other, "BEGIN IMMEDIATE");
                List<CompletableFuture<Void>> calls = insert(storage, tokens(storage, client, 1_500, ""));
                // The writer waits for the lock with what it took; ten more wait behind it.
                CompletableFuture<Void> last = calls.get(calls.size() - 1);
                assertThat(last).isCompletedExceptionally();
                assertThat(Sqlite.failure(last))
                        .isInstanceOf(StorageUnavailableException.class)
                        .hasMessageContaining("too many calls are waiting (10)");
                Sqlite.run(other, "COMMIT");
                assertThat(Sqlite.failure(calls.get(0))).isNull();
            }
        }
    }

    @Test
    void aLockHeldElsewhereIsWaitedForThenReported() throws SQLException {
        try (Storage storage =
                SqliteStorage.builder(file).busyTimeout(Duration.ofMillis(300)).open()) {
            OAuthClient client = Sqlite.storedClient(storage);
            List<AccessToken> tokens = tokens(storage, client, 20, "");
            try (Connection other = Sqlite.connect(file)) {
                Sqlite.run(other, "BEGIN IMMEDIATE");
                for (CompletableFuture<Void> call : insert(storage, tokens)) {
                    assertThat(Sqlite.failure(call))
                            .asInstanceOf(type(StorageUnavailableException.class))
                            .matches(e -> !e.outcomeUnknown(), "known not to be stored")
                            .asInstanceOf(throwable(StorageUnavailableException.class))
                            .hasMessageContainingAll(file.toString(), "locked", "SQLITE_BUSY");
                }
                Sqlite.run(other, "ROLLBACK");
            }
            for (CompletableFuture<Void> call : insert(storage, tokens)) {
                assertThat(Sqlite.failure(call)).isNull();
            }
        }
    }

    @Test
    void closingEndsInTimeThoughTheFileIsLocked() throws SQLException {
        Storage storage =
                SqliteStorage.builder(file).busyTimeout(Duration.ofMinutes(10)).open();
        OAuthClient client = Sqlite.storedClient(storage);
        try (Connection other = Sqlite.connect(file)) {
            Sqlite.run(other, "BEGIN IMMEDIATE");
            List<CompletableFuture<Void>> calls = insert(storage, tokens(storage, client, 5_000, ""));
            long start = System.nanoTime();
            storage.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            for (CompletableFuture<Void> call : calls) {
                assertThat(Sqlite.failure(call)).isInstanceOf(StorageUnavailableException.class);
            }
        }
        storage.close();
        assertThat(Sqlite.failure(storage.clients().getById(client.id(), Sqlite.ray())))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("the storage is closed");
    }

    @Test
    void closingEndsAStatementThatRunsForLong() {
        SqlEngine engine = SqliteStorage.builder(file).readers(1).start();
        SqlRead<Long, Long> endless = SqlRead.of(
                SqlQuery.of(
                        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
                        row -> Objects.requireNonNull(row.number(0))),
                found -> found.get(0),
                Sqlite.ray());
        engine.read(List.of(endless));
        long start = System.nanoTime();
        engine.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(Sqlite.failure(endless.future())).isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void aCallbackOnTheEnginesOwnThreadMayCloseTheStorage() {
        Executor direct = Runnable::run;
        Storage storage = SqliteStorage.builder(file).callbacks(direct).open();
        OAuthClient client = Sqlite.storedClient(storage);
        Sqlite.await(storage.clients().getById(client.id(), Sqlite.ray()).thenRun(storage::close));
        assertThat(Sqlite.failure(storage.clients().getById(client.id(), Sqlite.ray())))
                .isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void aRowDamagedByHandFailsItsOwnCallsOnly() throws SQLException {
        try (Storage storage = SqliteStorage.builder(file).open()) {
            OAuthClient client = Sqlite.storedClient(storage);
            List<AccessToken> tokens = tokens(storage, client, 20, "");
            insert(storage, tokens).forEach(Sqlite::await);
            AccessToken damaged = tokens.get(10);
            try (Connection other = Sqlite.connect(file)) {
                Sqlite.run(other, "UPDATE oauth_access_tokens SET metadata = '[1]' WHERE id = '" + damaged.id() + "'");
            }
            for (AccessToken token : tokens) {
                Throwable failure = Sqlite.failure(storage.accessTokens().getByToken(token.token(), Sqlite.ray()));
                if (token.equals(damaged)) {
                    assertThat(failure)
                            .isInstanceOf(StorageCorruptedException.class)
                            .hasMessageContaining(file.toString())
                            .hasNoCause();
                } else {
                    assertThat(failure).isNull();
                }
            }
        }
    }

    private static List<AccessToken> tokens(Storage storage, OAuthClient client, int count, String filling) {
        Rows rows = Sqlite.rows(storage);
        return IntStream.range(0, count)
                .mapToObj(i -> rows.accessToken(client).toBuilder()
                        .metadata(filling.isEmpty() ? Map.of() : filling(filling))
                        .build())
                .toList();
    }

    private static Map<String, Object> filling(String text) {
        return Map.of("filling", text);
    }

    private static List<CompletableFuture<Void>> insert(Storage storage, List<AccessToken> tokens) {
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (AccessToken token : tokens) {
            calls.add(storage.accessTokens().insert(token, Sqlite.ray()));
        }
        return calls;
    }
}
