package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlStorage;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.EveryCall;
import io.qscope.tck.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the schema does by itself: it finds every row by an index, it seals the audit log, and it needs few grants. */
@Timeout(120)
class SchemaTest {

    /** What PostgreSQL does by itself when a client or a root is deleted, and shows in no plan. */
    private static final List<String> CASCADES = List.of(
            "DELETE FROM oauth_authorizations WHERE client_id = $1",
            "DELETE FROM oauth_authorization_codes WHERE client_id = $1",
            "DELETE FROM oauth_authorization_codes WHERE authorization_id = $1",
            "DELETE FROM oauth_access_tokens WHERE client_id = $1",
            "DELETE FROM oauth_access_tokens WHERE authorization_id = $1",
            "DELETE FROM oauth_refresh_tokens WHERE client_id = $1",
            "DELETE FROM oauth_refresh_tokens WHERE authorization_id = $1",
            "DELETE FROM oauth_device_codes WHERE client_id = $1",
            "DELETE FROM oauth_device_codes WHERE authorization_id = $1",
            "DELETE FROM oauth_consents WHERE client_id = $1");

    /** Rows enough that an index pays, and the plans for any parameters, not for those of a first call. */
    private static final String AS_IF_LARGE = """
            SET enable_seqscan = off;
            SET plan_cache_mode = force_generic_plan;""";

    @Test
    void everyStatementFindsItsRowsByAnIndex() throws Exception {
        String schema = TestServer.newSchema();
        Set<String> texts = new TreeSet<>();
        try (Storage storage = PostgresqlStorage.builder(TestServer.location(schema))
                .keys(KeyRing.of(Key.generate("test")))
                .open()) {
            EveryCall.on(storage);
            PostgresqlEngine engine = (PostgresqlEngine) ((SqlStorage) storage).engine();
            texts.addAll(engine.texts().sent());
        }
        assertThat(texts).hasSizeGreaterThan(60);
        CASCADES.forEach(cascade -> texts.add(SqlDialect.POSTGRESQL.render(cascade, schema)));
        List<String> scans = new ArrayList<>();
        try (Connection connection = TestServer.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(AS_IF_LARGE);
            for (String text : texts) {
                for (String line : plan(statement, text)) {
                    if (line.contains("Seq Scan on oauth_")) {
                        scans.add(line.strip() + ", in " + text);
                    }
                }
            }
        }
        assertThat(scans).as("steps that read a whole table").isEmpty();
    }

    private static List<String> plan(Statement statement, String text) throws SQLException {
        int parameters = 0;
        while (text.contains("$" + (parameters + 1))) {
            parameters++;
        }
        statement.execute("PREPARE planned AS " + text);
        String arguments =
                parameters == 0 ? "" : "(" + String.join(", ", java.util.Collections.nCopies(parameters, "NULL")) + ")";
        List<String> plan = lines(statement, "EXPLAIN EXECUTE planned" + arguments);
        statement.execute("DEALLOCATE planned");
        return plan;
    }

    private static List<String> lines(Statement statement, String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    @Test
    void theAuditLogRefusesStatementsByHandEvenOfTheOwner() throws Exception {
        String schema = TestServer.newSchema();
        try (Storage storage = Storage.open(TestServer.location(schema))) {
            new Rows(storage, new Random(1)).storedAuditLog();
        }
        String log = schema + ".oauth_audit_log";
        String before = TestServer.ask("SELECT md5(l::text) FROM " + log + " l");
        for (String statement : List.of(
                "UPDATE " + log + " SET event_type = 'changed'",
                "DELETE FROM " + log,
                "DELETE FROM " + log + " WHERE id = 'none'",
                "TRUNCATE " + log,
                "INSERT INTO " + log + " SELECT * FROM " + log
                        + " ON CONFLICT (id) DO UPDATE SET event_type = 'changed'")) {
            assertThatThrownBy(() -> TestServer.run(statement))
                    .as(statement)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("append-only");
        }
        assertThat(TestServer.ask("SELECT md5(l::text) FROM " + log + " l")).isEqualTo(before);
    }

    @Test
    void theRoleOfAServerNeedsTheGrantsOfTheDocumentAndHasNoMore() throws Exception {
        String schema = "s_" + UUID.randomUUID().toString().replace('-', '_');
        TestServer.run(Grants.rolesOfDocument(schema, "owner_" + schema, "server_" + schema));
        migrateAsOwner(schema);
        TestServer.run("SET ROLE owner_" + schema + ";" + Grants.ofDocument(schema, "server_" + schema));
        String location = TestServer.location(schema).replace("postgres@", "server_" + schema + "@");
        try (Storage storage = PostgresqlStorage.builder(location)
                .keys(KeyRing.of(Key.generate("test")))
                .open()) {
            EveryCall.on(storage);
            Rows rows = new Rows(storage, new Random(2));
            rows.storedAuditLog();
            assertThat(storage.rowCounts(RayId.random()).get(10, TimeUnit.SECONDS))
                    .isNotEmpty();
            assertThat(storage.migrate(RayId.random()).get(10, TimeUnit.SECONDS).applied())
                    .isZero();
        }
        for (String statement : List.of(
                "UPDATE oauth_audit_log SET event_type = 'changed'",
                "DELETE FROM oauth_audit_log",
                "TRUNCATE oauth_audit_log",
                "DROP TRIGGER oauth_audit_log_append_only ON oauth_audit_log",
                "ALTER TABLE oauth_audit_log DISABLE TRIGGER ALL",
                "ALTER TABLE oauth_clients ADD COLUMN more TEXT",
                "CREATE TABLE another (id INT)",
                "UPDATE qscope_schema_history SET version = '9'",
                "TRUNCATE oauth_clients CASCADE")) {
            assertThatThrownBy(() -> TestServer.run(
                            "SET search_path = " + schema + "; SET ROLE server_" + schema + "; " + statement))
                    .as(statement)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
    }

    private static void migrateAsOwner(String schema) throws Exception {
        String location = TestServer.location(schema).replace("postgres@", "owner_" + schema + "@");
        assertThat(Storage.pendingMigrations(location)).isNotEmpty();
        assertThat(Storage.runMigrations(location).applied()).isPositive();
        assertThat(Storage.runMigrations(location).applied()).isZero();
        assertThat(TestServer.ask("SELECT string_agg(DISTINCT tableowner, ', ') FROM pg_tables WHERE schemaname = '"
                        + schema + "'"))
                .isEqualTo("owner_" + schema);
        assertThat(TestServer.ask("SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles"
                        + " WHERE rolname = 'owner_" + schema + "'"))
                .isEqualTo("f");
    }

    @Test
    void aMissingGrantIsNamed() throws Exception {
        String schema = TestServer.newSchema();
        TestServer.run("CREATE ROLE poor_" + schema + " LOGIN");
        String location = TestServer.location(schema).replace("postgres@", "poor_" + schema + "@");

        assertThatThrownBy(() -> Storage.open(location))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("grant");
    }
}
