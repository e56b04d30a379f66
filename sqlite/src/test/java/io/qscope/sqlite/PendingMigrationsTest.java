package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.qscope.model.OAuthClient;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlSchema;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What opening a file would do to its schema, told without doing it. */
@Timeout(120)
class PendingMigrationsTest {

    private static final List<MigrationScript> ALL = new SqlSchema(SqlDialect.SQLITE, null, "none").scripts();

    @TempDir
    Path folder;

    private Path newFile() {
        return folder.resolve(UUID.randomUUID() + ".db");
    }

    @Test
    void aMissingFileLacksEverythingAndIsNotMade() throws IOException {
        assertThat(pending(newFile())).isEqualTo(ALL);
        assertOnly();
    }

    @Test
    void anEmptyFileLacksEverythingAndStaysEmpty() throws IOException {
        Path file = Files.createFile(newFile());

        assertThat(pending(file)).isEqualTo(ALL);
        assertThat(file).isEmptyFile();
        assertOnly(file);
    }

    @Test
    void aDatabaseOfThisReleaseLacksNothingAndStaysAsItIs() throws IOException {
        Path file = newFile();
        SqliteStorage.open(file).close();
        byte[] before = Files.readAllBytes(file);

        assertThat(pending(file)).isEmpty();
        assertThat(file).hasBinaryContent(before);
        assertOnly(file);
    }

    @Test
    void anApplicationsDatabaseLacksEverythingAndStaysAsItIs() throws Exception {
        Path file = newFile();
        by(file, "CREATE TABLE orders (id TEXT)", "INSERT INTO orders VALUES ('1')");
        byte[] before = Files.readAllBytes(file);

        assertThat(pending(file)).isEqualTo(ALL);
        assertThat(file).hasBinaryContent(before);
        assertOnly(file);
    }

    @Test
    void theScriptsAreWhatOpeningRuns() throws SQLException {
        Path opened = newFile();
        SqliteStorage.open(opened).close();
        Path byHand = newFile();
        for (MigrationScript script : pending(byHand)) {
            try (Connection connection = Sqlite.connect(byHand);
                    var statement = connection.createStatement()) {
                statement.executeUpdate(script.sql());
            }
        }

        assertThat(schemaOf(byHand)).isNotEmpty().isEqualTo(schemaOf(opened));
        try (Connection connection = Sqlite.connect(opened)) {
            assertThat(Sqlite.ask(
                            connection,
                            "SELECT version || ' ' || description FROM " + SqlSchema.HISTORY
                                    + " WHERE type = 'SQL' ORDER BY installed_rank"))
                    .isEqualTo(ALL.stream()
                            .map(script -> script.version() + " " + script.description())
                            .toList());
        }
        assertThat(ALL.get(ALL.size() - 1).version()).isEqualTo(SqlSchema.VERSION);
    }

    @Test
    void whatOpeningRefusesIsRefusedTheSameWayAndUnharmed() throws Exception {
        Path newer = newFile();
        SqliteStorage.open(newer).close();
        by(
                newer,
                "INSERT INTO qscope_schema_history SELECT installed_rank + 1, '999', 'later', type, 'V999__later.sql',"
                        + " checksum, installed_by, installed_on, 1, success FROM qscope_schema_history"
                        + " ORDER BY installed_rank DESC LIMIT 1");
        Path foreign = newFile();
        by(foreign, "CREATE TABLE oauth_clients (id TEXT)");
        Path diary = newFile();
        Files.writeString(diary, "Dear diary, ".repeat(1_000));
        for (Path file : List.of(newer, foreign, diary)) {
            byte[] before = Files.readAllBytes(file);
            refusedAsByOpen(file);
            assertThat(file).hasBinaryContent(before);
        }
        assertOnly(newer, foreign, diary);
        refusedAsByOpen(folder);
        refusedAsByOpen(folder.resolve("missing").resolve("x.db"));
        assertThatIllegalArgumentException().isThrownBy(() -> Storage.pendingMigrations("sqlite:"));
    }

    @Test
    void lookingHarmsNobodyWhoHasTheFileOpen() throws Exception {
        Path file = newFile();
        OAuthClient before;
        OAuthClient after;
        String theirs;
        try (OtherProcess other = new OtherProcess(file);
                Storage storage = SqliteStorage.open(file)) {
            before = Sqlite.storedClient(storage);
            assertThat(pending(file)).isEmpty();
            // Had looking dropped this process's locks, the other one would now take itself for the last and remove the
            // log.
            theirs = other.look(before.id());
            assertThat(file.resolveSibling(file.getFileName() + "-wal")).exists();
            after = Sqlite.storedClient(storage);
        }
        try (Storage storage = SqliteStorage.open(file)) {
            for (String id : List.of(before.id(), theirs, after.id())) {
                assertThat(Sqlite.await(storage.clients().getById(id, Sqlite.ray())))
                        .isPresent();
            }
        }
        assertOnly(file);
    }

    @Test
    void lookingKeepsWhatAKilledProcessLeftInTheLog() throws IOException {
        Path running = newFile();
        Path left = newFile();
        OAuthClient client;
        try (Storage storage = SqliteStorage.open(running)) {
            client = Sqlite.storedClient(storage);
            // As a kill would leave them: what was committed is in the log alone.
            for (String suffix : List.of("", "-wal")) {
                Files.copy(Path.of(running + suffix), Path.of(left + suffix));
            }
        }
        assertThat(Path.of(left + "-wal")).isNotEmptyFile();

        assertThat(pending(left)).isEmpty();

        try (Storage storage = SqliteStorage.open(left)) {
            assertThat(Sqlite.await(storage.clients().getById(client.id(), Sqlite.ray())))
                    .isPresent();
        }
    }

    private static List<MigrationScript> pending(Path file) {
        return Storage.pendingMigrations("sqlite:" + file);
    }

    private static void refusedAsByOpen(Path file) {
        StorageException opening = refusal(() -> Storage.open("sqlite:" + file));
        StorageException looking = refusal(() -> pending(file));
        assertThat(looking).hasSameClassAs(opening).hasNoCause();
        assertThat(withoutRay(looking)).isEqualTo(withoutRay(opening)).contains(file.toString());
    }

    private static StorageException refusal(Callable<?> call) {
        return catchThrowableOfType(StorageException.class, call::call);
    }

    private static String withoutRay(StorageException refusal) {
        return refusal.getMessage().replace(refusal.rayId().value(), "");
    }

    /** Nothing else lies in the folder. */
    private void assertOnly(Path... files) throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(files);
        }
    }

    private static List<String> schemaOf(Path file) throws SQLException {
        try (Connection connection = Sqlite.connect(file)) {
            return Sqlite.ask(
                    connection,
                    "SELECT sql FROM sqlite_schema WHERE name GLOB 'oauth_*' AND sql IS NOT NULL ORDER BY name");
        }
    }

    private static void by(Path file, String... statements) throws SQLException {
        try (Connection connection = Sqlite.connect(file)) {
            for (String statement : statements) {
                Sqlite.run(connection, statement);
            }
        }
    }
}
