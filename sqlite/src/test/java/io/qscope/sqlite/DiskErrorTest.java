package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlStorage;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Grace;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** After an error of the disk has passed, the storage works on as if there had been none. */
@Timeout(120)
class DiskErrorTest {

    private static final int WRITES = 4_000;

    @TempDir
    Path folder;

    /** The driver closes a statement that fails hard: once it was a BEGIN, a ROLLBACK or a SAVEPOINT, each later use of it fails. */
    @Test
    void afterAFullFileNoStatementStaysBrokenAndNoLockStaysHeld() throws SQLException {
        Path file = folder.resolve("full.db");
        SqlEngine engine = SqliteStorage.builder(file).start();
        try (Storage storage = new SqlStorage(engine)) {
            Rows rows = Sqlite.rows(storage);
            RefreshToken token = rows.storedRefreshToken();
            HandMade.limitPages(engine, 0);
            for (int i = 0; i < 3; i++) {
                assertThat(Sqlite.failure(storage.clients().insert(large(rows), Sqlite.ray())))
                        .isInstanceOf(StorageUnavailableException.class);
            }
            HandMade.limitPages(engine, 1_000_000);
            assertThat(Sqlite.failure(storage.clients().insert(large(rows), Sqlite.ray())))
                    .isNull();
            // A write that has to be undone: a rollback that fails would leave its lock behind.
            RefreshToken taken = token.toBuilder().predecessorId(token.id()).build();
            assertThat(Sqlite.failure(storage.refreshTokens()
                            .rotate(
                                    token.token(),
                                    taken,
                                    Grace.NONE,
                                    Attempt.of(token.createdAt(), "x"),
                                    Sqlite.ray())))
                    .isInstanceOf(DuplicateRowException.class);
            assertThat(Sqlite.failure(storage.clients().insert(large(rows), Sqlite.ray())))
                    .isNull();
            try (Connection other = Sqlite.connect(file)) {
                Sqlite.run(other, "BEGIN IMMEDIATE");
                Sqlite.run(other, "ROLLBACK");
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void afterADiskThatFailsWritesTheStorageWorksOnWithoutARestart() throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        // A limit of file size fails writes with an error of the disk; only a process of its own may have one.
        Process limited = new ProcessBuilder(List.of(
                        "prlimit",
                        "--fsize=4000000:unlimited",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        Objects.requireNonNull(classPath),
                        DiskErrorTest.class.getName(),
                        folder.resolve("limited.db").toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new String(limited.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(limited.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said.lines()).last().isEqualTo("works again");
        } finally {
            limited.destroyForcibly();
        }
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Storage storage = SqliteStorage.builder(Path.of(arguments[0])).open()) {
            Rows rows = Sqlite.rows(storage);
            Throwable failure = null;
            for (int i = 0; i < WRITES && failure == null; i++) {
                failure = Sqlite.failure(storage.clients().insert(large(rows), Sqlite.ray()));
            }
            assertThat(failure).isInstanceOf(StorageUnavailableException.class);
            for (int i = 0; i < 3; i++) {
                assertThat(Sqlite.failure(storage.clients().insert(large(rows), Sqlite.ray())))
                        .isInstanceOf(StorageUnavailableException.class);
            }
            int lifted = new ProcessBuilder(
                            "prlimit", "--pid", "" + ProcessHandle.current().pid(), "--fsize=unlimited")
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(lifted).isZero();
            for (int i = 0; i < 4; i++) {
                assertThat(Sqlite.failure(storage.clients().insert(large(rows), Sqlite.ray())))
                        .isNull();
            }
        }
        out.println("works again");
    }

    private static OAuthClient large(Rows rows) {
        return rows.client().toBuilder()
                .config(ClientConfig.builder()
                        .metadata(Map.of("filling", "x".repeat(15_000)))
                        .build())
                .build();
    }
}
