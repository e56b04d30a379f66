package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlSchema;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageCorruptedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database of any earlier schema opens with this release, and keeps its rows. */
@Timeout(120)
class MigrationTest {

    private static final List<String> TABLES = List.of(
            "oauth_clients",
            "oauth_authorizations",
            "oauth_access_tokens",
            "oauth_refresh_tokens",
            "oauth_device_codes");

    @TempDir
    static Path folder;

    private static Path current;
    private static AccessToken access;
    private static RefreshToken refresh;
    private static DeviceCode device;

    @BeforeAll
    static void makeOneOfThisRelease() {
        current = newFile();
        try (Storage storage = SqliteStorage.open(current)) {
            access = Sqlite.rows(storage).storedAccessToken();
            refresh = Sqlite.rows(storage).storedRefreshToken();
            device = Sqlite.rows(storage).storedDeviceCode();
        }
    }

    static IntStream earlierVersions() {
        return IntStream.range(1, Integer.parseInt(SqlSchema.VERSION));
    }

    @ParameterizedTest
    @MethodSource("earlierVersions")
    void aDatabaseOfAnEarlierVersionOpensAndKeepsItsRows(int version) throws SQLException {
        Path file = newFile();
        OldDatabase.make(file, version, current, TABLES);

        try (Storage storage = SqliteStorage.open(file)) {
            assertThat(Sqlite.await(storage.health(Sqlite.ray())).schemaVersion())
                    .isEqualTo(SqlSchema.VERSION);
            assertThat(Sqlite.await(storage.accessTokens().getById(access.id(), Sqlite.ray())))
                    .contains(access);
            assertThat(Sqlite.await(storage.refreshTokens().getByToken(refresh.token(), Sqlite.ray())))
                    .contains(refresh);
            assertThat(Sqlite.await(storage.deviceCodes().getByUserCode(device.userCode(), Sqlite.ray())))
                    .contains(device);
            DeviceCode known =
                    device.toBuilder().metadata(Map.of("audience", "api")).build();
            Sqlite.await(storage.deviceCodes().update(known, Sqlite.ray()));
            assertThat(Sqlite.await(storage.deviceCodes().getById(device.id(), Sqlite.ray())))
                    .contains(known.toBuilder().version(2).build());
            OAuthClient client = Sqlite.await(storage.clients().getById(access.clientId(), Sqlite.ray()))
                    .orElseThrow();
            var consent = Sqlite.rows(storage).stored(Sqlite.rows(storage).consent(client));
            assertThat(Sqlite.await(storage.consents().getById(consent.id(), Sqlite.ray())))
                    .contains(consent);
            Authorization root = Sqlite.await(storage.authorizations().getById(device.authorizationId(), Sqlite.ray()))
                    .orElseThrow();
            IdToken idToken = Sqlite.rows(storage).stored(Sqlite.rows(storage).idToken(root));
            assertThat(Sqlite.await(storage.idTokens().getById(idToken.id(), Sqlite.ray())))
                    .contains(idToken);
        }
        assertThat(schemaOf(file)).isEqualTo(schemaOf(current));
        SqliteStorage.open(file).close();
    }

    @Test
    void whatItLacksIsToldWithoutAnyOfItBeingDone() throws Exception {
        Path file = ofVersionOne();
        byte[] before = Files.readAllBytes(file);

        List<MigrationScript> pending = Storage.pendingMigrations("sqlite:" + file);

        List<MigrationScript> all = new SqlSchema(SqlDialect.SQLITE, null, "none").scripts();
        assertThat(pending).isEqualTo(all.subList(1, all.size()));
        assertThat(pending.get(0).sql()).contains("CREATE TABLE oauth_consents");
        assertThat(file).hasBinaryContent(before);
        assertThat(Path.of(file + "-wal")).doesNotExist();
        SqliteStorage.open(file).close();
        assertThat(Storage.pendingMigrations("sqlite:" + file)).isEmpty();
    }

    @Test
    void whatItLacksIsToldWhileAnotherReadsAndWritesTheFile() throws SQLException {
        Path file = ofVersionOne();
        try (Connection other = Sqlite.connect(file)) {
            Sqlite.run(other, "BEGIN IMMEDIATE");
            Sqlite.run(other, "UPDATE oauth_clients SET updated_by = 'another'");
            assertThat(Storage.pendingMigrations("sqlite:" + file)).isNotEmpty();
            Sqlite.run(other, "COMMIT");
        }
        try (Connection connection = Sqlite.connect(file)) {
            assertThat(Sqlite.ask(connection, "SELECT DISTINCT updated_by FROM oauth_clients"))
                    .containsExactly("another");
        }
    }

    @Test
    void manyMayMigrateAnOldFileAtOnce() throws Exception {
        Path file = ofVersionOne();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Storage>> opened = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opened.add(threads.submit(() -> SqliteStorage.open(file)));
            }
            for (Future<Storage> storage : opened) {
                try (Storage each = storage.get()) {
                    assertThat(Sqlite.await(each.accessTokens().getById(access.id(), Sqlite.ray())))
                            .contains(access);
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void anotherTableByANewNameEndsTheMigrationAndStaysUnharmed() throws SQLException {
        Path file = ofVersionOne();
        try (Connection connection = Sqlite.connect(file)) {
            Sqlite.run(connection, "CREATE TABLE oauth_consents (id TEXT)");
        }
        List<String> before = schemaOf(file);

        assertThatThrownBy(() -> SqliteStorage.open(file))
                .isInstanceOf(StorageCorruptedException.class)
                .hasMessageContainingAll(file.toString(), "oauth_consents already exists");
        assertThat(schemaOf(file)).isEqualTo(before);
    }

    @Test
    void aHistoryOfOtherScriptsIsRefusedByOpeningAndByLooking() throws SQLException {
        Path file = ofVersionOne();
        try (Connection connection = Sqlite.connect(file)) {
            Sqlite.run(connection, "UPDATE qscope_schema_history SET checksum = 1 WHERE version = '1'");
        }

        assertThatThrownBy(() -> Storage.pendingMigrations("sqlite:" + file))
                .isInstanceOf(StorageCorruptedException.class)
                .hasMessageContainingAll(file.toString(), "cannot be brought to version " + SqlSchema.VERSION);
        assertThatThrownBy(() -> SqliteStorage.open(file)).isInstanceOf(StorageCorruptedException.class);
    }

    private static Path ofVersionOne() throws SQLException {
        Path file = newFile();
        OldDatabase.make(file, 1, current, TABLES);
        return file;
    }

    private static Path newFile() {
        return folder.resolve(UUID.randomUUID() + ".db");
    }

    private static List<String> schemaOf(Path file) throws SQLException {
        try (Connection connection = Sqlite.connect(file)) {
            return Sqlite.ask(
                    connection,
                    "SELECT sql FROM sqlite_schema WHERE name GLOB 'oauth_*' AND sql IS NOT NULL ORDER BY name");
        }
    }
}
