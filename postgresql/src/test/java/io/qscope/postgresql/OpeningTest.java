package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.RayId;
import io.qscope.sql.SqlSchema;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What opening a storage accepts and refuses, and that it changes nothing unasked. */
@Timeout(60)
class OpeningTest {

    @Test
    void aDatabaseWithoutTablesIsRefusedAndLeftAsItWas() throws Exception {
        String location = TestServer.location("never_made");

        assertThatThrownBy(() -> Storage.open(location))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("it has no tables of qscope")
                .hasMessageContaining("qscope migrate");
        assertThat(TestServer.ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'never_made'"))
                .isEqualTo("0");
        assertThat(Storage.pendingMigrations(location)).isNotEmpty();
    }

    @Test
    void anOlderSchemaIsRefusedUntilItIsMigrated() throws Exception {
        String current = TestServer.newSchema();
        String schema = current + "_v2";
        MigrationTest.make(schema, 2, current);

        assertThatThrownBy(() -> Storage.open(TestServer.location(schema)))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("has version 2")
                .hasMessageContaining("qscope migrate");

        PostgresqlStorage.builder(TestServer.location(schema))
                .migrating(true)
                .open()
                .close();
        Storage.open(TestServer.location(schema)).close();
    }

    @Test
    void aNewerSchemaIsRefused() throws Exception {
        String schema = TestServer.newSchema();
        TestServer.run("UPDATE " + schema + ".qscope_schema_history SET version = '999' WHERE version = '"
                + SqlSchema.VERSION + "'");

        assertThatThrownBy(() -> PostgresqlStorage.builder(TestServer.location(schema))
                        .migrating(true)
                        .open())
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("upgrade qscope");
    }

    @Test
    void tablesOfAnotherApplicationAreRefused() throws Exception {
        TestServer.run("CREATE SCHEMA foreigners; CREATE TABLE foreigners.oauth_clients (id INT)");

        assertThatThrownBy(() -> PostgresqlStorage.builder(TestServer.location("foreigners"))
                        .migrating(true)
                        .open())
                .isInstanceOf(StorageCorruptedException.class)
                .hasMessageContaining("oauth_clients");
    }

    /** An underscore stands for any character where JDBC looks for tables. */
    @Test
    void tablesOfASchemaWithASimilarNameAreNotTakenForItsOwn() throws Exception {
        TestServer.run("CREATE SCHEMA similarxname; CREATE TABLE similarxname.oauth_clients (id INT)");

        PostgresqlStorage.builder(TestServer.location("similar_name"))
                .migrating(true)
                .open()
                .close();
    }

    @Test
    void aServerThatHangsWhenItIsLookedAtIsGivenUp() throws Exception {
        String schema = TestServer.newSchema();
        try (Connection holder = TestServer.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE " + schema + ".qscope_schema_history IN ACCESS EXCLUSIVE MODE");
            assertThatThrownBy(() -> Storage.open(TestServer.location(schema) + "&call_timeout=1"))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("did not answer in time");
        }
        Storage.open(TestServer.location(schema) + "&call_timeout=1").close();
    }

    @Test
    void severalInstancesMayMigrateAtOnce() throws Exception {
        String location = TestServer.location("made_by_several");
        List<CompletableFuture<Void>> instances = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            instances.add(CompletableFuture.runAsync(() ->
                    PostgresqlStorage.builder(location).migrating(true).open().close()));
        }
        for (CompletableFuture<Void> instance : instances) {
            instance.get(50, TimeUnit.SECONDS);
        }
        assertThat(TestServer.ask("SELECT count(*) FROM made_by_several.qscope_schema_history WHERE success"
                        + " AND type = 'SQL'"))
                .isEqualTo(SqlSchema.VERSION);
    }

    @Test
    void encryptionIsTheDefaultAndAServerWithoutItIsRefused() {
        assertThatThrownBy(() -> Storage.open("postgresql://postgres@127.0.0.1:" + TestServer.port() + "/postgres"))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("sslmode");
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Storage.open("postgresql://who:unheard@127.0.0.1:1/none?sslmode=disable"))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("127.0.0.1:1/none")
                .hasMessageNotContaining("unheard");
    }

    @Test
    void whatTheServerIsSetToIsWhatIsGuaranteed() throws Exception {
        assertThat(TestServer.ask("SHOW fsync")).isEqualTo("on");
        assertThat(TestServer.ask("SHOW full_page_writes")).isEqualTo("on");
        assertThat(TestServer.ask("SHOW synchronous_commit")).isEqualTo("on");
        String schema = TestServer.newSchema();
        try (Storage storage = Storage.open(TestServer.location(schema))) {
            assertThat(storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER))
                    .isTrue();
            assertThat(storage.guarantees().reasonAgainst(Guarantee.DURABLE_BEYOND_NODE))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("synchronous_standby_names"));
            assertThat(storage.health(RayId.random()).get(10, TimeUnit.SECONDS).engine())
                    .startsWith("PostgreSQL ");
        }
        TestServer.run("CREATE ROLE hasty LOGIN SUPERUSER; ALTER ROLE hasty SET synchronous_commit = off");
        try (Storage hasty = Storage.open(TestServer.location(schema).replace("postgres@", "hasty@"))) {
            assertThat(hasty.guarantees().reasonAgainst(Guarantee.DURABLE_BEYOND_POWER))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("synchronous_commit=off"));
        }
    }

    /** What depends on the server's settings says so there; all else is "yes". */
    @Test
    void theReadmesTableOfGuaranteesIsWhatTheEngineClaims() throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        try (Storage storage = Storage.open(TestServer.location(TestServer.newSchema()))) {
            for (Guarantee guarantee : Guarantee.values()) {
                Matcher row = Pattern.compile("\\| `" + guarantee + "`.*\\| ([^|]+) \\|")
                        .matcher(readme);
                assertThat(row.find()).as("a row for %s", guarantee).isTrue();
                boolean depends =
                        guarantee == Guarantee.DURABLE_BEYOND_POWER || guarantee == Guarantee.DURABLE_BEYOND_NODE;
                assertThat(row.group(1).equals("yes"))
                        .as("%s: %s", guarantee, row.group(1))
                        .isEqualTo(!depends && storage.guarantees().keeps(guarantee));
            }
        }
    }
}
