package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.OAuthClient;
import io.qscope.sql.SqlSchema;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What opening makes of a file, and what it refuses, leaving it as it was. */
@Timeout(120)
class OpeningTest {

    @TempDir
    Path folder;

    private Path newFile() {
        return folder.resolve(UUID.randomUUID() + ".db");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such permissions")
    void aNewFileAndItsLogAreForThisUserAlone() throws IOException {
        Path file = newFile();
        try (Storage storage = SqliteStorage.builder(file).open()) {
            Sqlite.storedClient(storage);
            for (String suffix : List.of("", "-wal", "-shm")) {
                assertThat(Files.getPosixFilePermissions(Path.of(file + suffix)))
                        .as(suffix)
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("nothing lies about").containsExactly(file);
        }
    }

    @Test
    void aPathMayHoldWhatUrlsEscape() throws IOException {
        Path odd = Files.createDirectory(folder.resolve("a b?c=d&mode=ro#e%20ü"));
        try (Storage storage = Storage.open("sqlite:" + odd.resolve("x;y?z.db"))) {
            Sqlite.storedClient(storage);
        }
        assertThat(odd.resolve("x;y?z.db")).isNotEmptyFile();
    }

    @Test
    void healthAndMigrationTellTheSchemasVersion() {
        try (Storage storage = SqliteStorage.builder(newFile()).open()) {
            assertThat(Sqlite.await(storage.health(Sqlite.ray())).engine()).startsWith("SQLite 3.");
            assertThat(Sqlite.await(storage.health(Sqlite.ray())).schemaVersion())
                    .isEqualTo(SqlSchema.VERSION);
            assertThat(Sqlite.await(storage.migrate(Sqlite.ray())).applied()).isZero();
        }
    }

    @Test
    void guaranteesFollowTheSettings() {
        Path file = newFile();
        try (Storage full = SqliteStorage.builder(file).open();
                Storage normal = SqliteStorage.builder(file)
                        .synchronous(SqliteStorage.Synchronous.NORMAL)
                        .open()) {
            assertThat(full.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER)).isTrue();
            assertThat(full.guarantees().keeps(Guarantee.DURABLE_BEYOND_NODE)).isFalse();
            assertThat(normal.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER))
                    .isFalse();
        }
    }

    @Test
    void manyMayOpenANewFileAtOnce() throws Exception {
        int openers = 8;
        for (int round = 0; round < 5; round++) {
            Path file = newFile();
            CyclicBarrier together = new CyclicBarrier(openers);
            Callable<OAuthClient> opener = () -> {
                together.await();
                try (Storage storage = SqliteStorage.builder(file).open()) {
                    return Sqlite.storedClient(storage);
                }
            };
            ExecutorService threads = Executors.newFixedThreadPool(openers);
            try (Storage storage = SqliteStorage.builder(file).open()) {
                for (var client : threads.invokeAll(
                        Stream.generate(() -> opener).limit(openers).toList())) {
                    assertThat(Sqlite.await(
                                    storage.clients().getById(client.get().id(), Sqlite.ray())))
                            .isPresent();
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void aDatabaseOfAnApplicationTakesOurTablesToo() throws SQLException {
        Path file = newFile();
        by(file, "CREATE TABLE orders (id TEXT)", "INSERT INTO orders VALUES ('1')");
        try (Storage storage = SqliteStorage.builder(file).open()) {
            Sqlite.storedClient(storage);
        }
        SqliteStorage.builder(file).open().close();
        try (Connection connection = Sqlite.connect(file)) {
            assertThat(Sqlite.ask(connection, "SELECT count(*) FROM orders")).containsExactly("1");
        }
    }

    @Test
    void aDatabaseFromBeforeTheAuditChainTakesItOn() throws SQLException {
        Path current = newFile();
        KeyRing keys = KeyRing.of(Key.generate("key"));
        try (Storage storage = SqliteStorage.builder(current).open()) {
            Sqlite.rows(storage).storedAuditLog();
        }
        Path file = newFile();
        OldDatabase.make(file, 2, current, List.of("oauth_audit_log"));
        try (Storage storage = SqliteStorage.builder(file).keys(keys).open()) {
            Sqlite.rows(storage).storedAuditLog();
            AuditReport report =
                    Sqlite.await(AuditVerification.of(storage, () -> keys).run(Sqlite.ray()));
            assertThat(report.findings()).isEmpty();
            assertThat(report.entries()).isEqualTo(2);
            assertThat(report.beforeFirstChain()).isEqualTo(1);
            assertThat(Sqlite.await(storage.health(Sqlite.ray())).schemaVersion())
                    .isEqualTo(SqlSchema.VERSION);
        }
    }

    @Test
    void refusesATableOfAnotherApplicationByOurNames() throws Exception {
        Path file = newFile();
        by(file, "CREATE TABLE oauth_clients (id TEXT)");
        refuses(file, StorageCorruptedException.class, "tables of another application", "oauth_clients");
    }

    @Test
    void refusesANewerSchema() throws Exception {
        Path file = newFile();
        SqliteStorage.builder(file).open().close();
        by(
                file,
                "INSERT INTO qscope_schema_history SELECT installed_rank + 1, '12', 'later', type, 'V12__later.sql',"
                        + " checksum, installed_by, installed_on, 1, success FROM qscope_schema_history"
                        + " ORDER BY installed_rank DESC LIMIT 1");
        refuses(
                file,
                StorageUnavailableException.class,
                "its schema has version 12",
                "knows none above " + SqlSchema.VERSION,
                "upgrade qscope");
    }

    @Test
    void refusesWhatIsNoDatabase() throws Exception {
        Path file = newFile();
        Files.writeString(file, "Dear diary, ".repeat(1_000));
        refuses(file, StorageCorruptedException.class, "not a SQLite database", "SQLITE_NOTADB");
    }

    @Test
    void refusesADamagedDatabase() throws Exception {
        Path file = newFile();
        SqliteStorage.builder(file).open().close();
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, 100, 4_096, (byte) 0x5A);
        Files.write(file, bytes);
        refuses(file, StorageCorruptedException.class, "damaged", "SQLITE_CORRUPT");
    }

    @Test
    void refusesAFileThatMayNotBeWritten() throws Exception {
        Path file = newFile();
        SqliteStorage.builder(file).open().close();
        assertThat(file.toFile().setWritable(false)).isTrue();
        if (Files.isWritable(file)) {
            // Root may write what nobody may, so there is nothing to refuse.
            SqliteStorage.builder(file).open().close();
        } else {
            refuses(file, StorageUnavailableException.class, "may not be written");
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /proc")
    void refusesAFileThatTheKernelKeepsReadOnly() {
        Path file = Path.of("/proc/version");
        assertThatThrownBy(() -> SqliteStorage.builder(file).open())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("/proc/version");
    }

    @Test
    void refusesAFolderAndWhatLiesInNone() {
        assertThatThrownBy(() -> SqliteStorage.builder(folder).open())
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContainingAll(folder.toString(), "it is a folder");
        Path lost = folder.resolve("missing").resolve("x.db");
        assertThatThrownBy(() -> SqliteStorage.builder(lost).open())
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContainingAll(lost.toString(), "its folder does not exist");
        assertThatThrownBy(() -> Storage.open("sqlite:")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAFileThatAnotherKeepsLocked() throws Exception {
        Path file = newFile();
        by(file, "CREATE TABLE orders (id TEXT)");
        try (Connection other = Sqlite.connect(file)) {
            Sqlite.run(other, "BEGIN EXCLUSIVE");
            assertThatThrownBy(() -> SqliteStorage.builder(file)
                            .busyTimeout(Duration.ofMillis(200))
                            .open())
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContainingAll(file.toString(), "locked", "SQLITE_BUSY");
            Sqlite.run(other, "ROLLBACK");
        }
        SqliteStorage.builder(file).open().close();
    }

    private static void by(Path file, String... statements) throws SQLException {
        try (Connection connection = Sqlite.connect(file)) {
            for (String statement : statements) {
                Sqlite.run(connection, statement);
            }
        }
    }

    /** Opening fails in one line that names the file, and not a byte of it changes. */
    private static void refuses(Path file, Class<? extends StorageException> type, String... words) throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> SqliteStorage.builder(file).open())
                .isInstanceOf(type)
                .hasNoCause()
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(words)
                .message()
                .doesNotContain("\n");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(new String(before, StandardCharsets.ISO_8859_1)).isNotEmpty();
    }
}
