package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlStorage;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Storage;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every call is answered, and answered truly, whatever its neighbours or the callbacks' executor throw. */
@Timeout(120)
class EngineThreadsTest {

    @TempDir
    Path folder;

    @Test
    void anExecutorThatThrowsHoldsUpNoCall() {
        for (Throwable thrown : List.of(
                new IllegalStateException("the context is stopping"),
                new OutOfMemoryError("unable to create native thread"))) {
            AtomicReference<@Nullable Throwable> next = new AtomicReference<>();
            Executor executor = task -> {
                Throwable now = next.getAndSet(null);
                if (now instanceof Error error) {
                    throw error;
                } else if (now instanceof RuntimeException exception) {
                    throw exception;
                }
                new Thread(task).start();
            };
            Path file = folder.resolve(thrown.getClass().getSimpleName() + ".db");
            Storage storage = SqliteStorage.builder(file).callbacks(executor).open();
            Rows rows = Sqlite.rows(storage);
            for (int i = 0; i < 3; i++) {
                OAuthClient client = rows.client();
                next.set(thrown);
                assertThat(Sqlite.failure(storage.clients().insert(client, Sqlite.ray())))
                        .isNull();
                next.set(thrown);
                assertThat(Sqlite.await(storage.clients().getById(client.id(), Sqlite.ray())))
                        .isPresent();
            }
            long start = System.nanoTime();
            storage.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    /** The group is lost to the one too large, and its calls run again alone, where one of them throws. */
    @Test
    void anErrorInOneCallTakesBackNoAnswerOfAnother() throws SQLException {
        Path file = folder.resolve("error.db");
        SqlEngine engine = SqliteStorage.builder(file).start();
        try (Storage storage = new SqlStorage(engine);
                Connection other = Sqlite.connect(file)) {
            Rows rows = Sqlite.rows(storage);
            HandMade.limitPages(engine, 1);
            Sqlite.run(other, "BEGIN IMMEDIATE");
            Map<OAuthClient, CompletableFuture<Void>> calls = new LinkedHashMap<>();
            insert(storage, rows.client(), calls);
            insert(storage, rows.client(), calls);
            OAuthClient large = large(rows);
            insert(storage, large, calls);
            HandMade throwing = new HandMade("PRAGMA page_count", new OutOfMemoryError("a value of a row"));
            engine.write(List.of(throwing.unit()));
            insert(storage, rows.client(), calls);
            Sqlite.run(other, "ROLLBACK");
            calls.forEach((client, call) -> {
                assertThat(Sqlite.failure(call) == null).isEqualTo(!client.equals(large));
                assertThat(Sqlite.await(storage.clients().getById(client.id(), Sqlite.ray()))
                                .isPresent())
                        .isEqualTo(!client.equals(large));
            });
            assertThat(Sqlite.failure(throwing.unit().future()))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("java.lang.OutOfMemoryError")
                    .message()
                    .doesNotContain("a value of a row");
        }
    }

    @Test
    void closingFromACallbackOnTheWritersThreadTakesBackNoAnswer() throws SQLException {
        Path file = folder.resolve("direct.db");
        Executor direct = Runnable::run;
        Map<OAuthClient, CompletableFuture<Void>> calls = new LinkedHashMap<>();
        Storage storage = SqliteStorage.builder(file).callbacks(direct).open();
        Rows rows = Sqlite.rows(storage);
        CompletableFuture<Void> closed;
        try (Connection other = Sqlite.connect(file)) {
            Sqlite.run(other, "BEGIN IMMEDIATE");
            IntStream.range(0, 6).forEach(i -> insert(storage, rows.client(), calls));
            closed = List.copyOf(calls.values()).get(1).thenRun(storage::close);
            Sqlite.run(other, "ROLLBACK");
        }
        calls.values().forEach(Sqlite::failure);
        Sqlite.await(closed);
        try (Storage again = SqliteStorage.builder(file).open()) {
            calls.forEach((client, call) -> {
                Throwable failure = Sqlite.failure(call);
                boolean stored = Sqlite.await(again.clients().getById(client.id(), Sqlite.ray()))
                        .isPresent();
                assertThat(failure == null).isEqualTo(stored);
                if (failure != null) {
                    assertThat(failure)
                            .asInstanceOf(type(StorageUnavailableException.class))
                            .matches(e -> !e.outcomeUnknown(), "known not to be stored");
                }
            });
        }
    }

    @Test
    void aKeyWithoutAUtf8FormIsRefusedAndFindsNoOtherRow() {
        try (Storage storage = SqliteStorage.builder(folder.resolve("key.db")).open()) {
            OAuthClient client =
                    Sqlite.rows(storage).client().toBuilder().id("?").build();
            Sqlite.await(storage.clients().insert(client, Sqlite.ray()));
            for (String key : List.of("\uD800", "\uDC00", "\uD800x", "\uDC00\uD800")) {
                assertThat(Sqlite.failure(storage.clients().getById(key, Sqlite.ray())))
                        .isInstanceOf(InvalidRowException.class)
                        .hasMessageContaining("no UTF-8 form");
                assertThat(Sqlite.failure(storage.clients().deleteById(key, Sqlite.ray())))
                        .isInstanceOf(InvalidRowException.class);
            }
            assertThat(Sqlite.await(storage.clients().getById("\uD83D\uDE00", Sqlite.ray())))
                    .isEmpty();
            assertThat(Sqlite.await(storage.clients().getById("?", Sqlite.ray())))
                    .isPresent();
        }
    }

    @Test
    void whateverAMapperCannotReadIsReportedAsDamage() throws SQLException {
        Path file = folder.resolve("damage.db");
        try (Storage storage = SqliteStorage.builder(file).open();
                Connection other = Sqlite.connect(file)) {
            OAuthClient client = Sqlite.storedClient(storage);
            for (String damage : List.of(
                    "redirect_uris = '[null]'",
                    "redirect_uris = '[]', config = json_set(config, '$.maxActiveAccessTokens', 3000000000)",
                    "config = 'null'")) {
                Sqlite.run(other, "UPDATE oauth_clients SET " + damage);
                assertThat(Sqlite.failure(storage.clients().getById(client.id(), Sqlite.ray())))
                        .as(damage)
                        .isInstanceOf(StorageCorruptedException.class)
                        .hasMessageContaining("no call of this library writes");
            }
        }
    }

    private static void insert(Storage storage, OAuthClient client, Map<OAuthClient, CompletableFuture<Void>> calls) {
        calls.put(client, storage.clients().insert(client, Sqlite.ray()));
    }

    private static OAuthClient large(Rows rows) {
        return rows.client().toBuilder()
                .config(ClientConfig.builder()
                        .metadata(Map.of("filling", "x".repeat(15_000)))
                        .build())
                .build();
    }
}
