package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.sql.SqlChainedSession;
import io.qscope.sql.SqlStorage;
import io.qscope.sql.SqlUnitRun;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Storage;
import io.qscope.tck.EveryCall;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the schema does by itself: it finds every row by an index, and it seals the audit log. */
@Timeout(120)
class SchemaTest {

    /** What SQLite does by itself when a client or a root is deleted, and shows in no plan. */
    private static final List<String> CASCADES = List.of(
            "DELETE FROM oauth_authorizations WHERE client_id = ?",
            "DELETE FROM oauth_authorization_codes WHERE client_id = ?",
            "DELETE FROM oauth_authorization_codes WHERE authorization_id = ?",
            "DELETE FROM oauth_access_tokens WHERE client_id = ?",
            "DELETE FROM oauth_access_tokens WHERE authorization_id = ?",
            "DELETE FROM oauth_refresh_tokens WHERE client_id = ?",
            "DELETE FROM oauth_refresh_tokens WHERE authorization_id = ?",
            "DELETE FROM oauth_device_codes WHERE client_id = ?",
            "DELETE FROM oauth_device_codes WHERE authorization_id = ?",
            "DELETE FROM oauth_id_tokens WHERE client_id = ?",
            "DELETE FROM oauth_id_tokens WHERE authorization_id = ?",
            "DELETE FROM oauth_authorization_requests WHERE client_id = ?",
            "DELETE FROM oauth_authorization_requests WHERE authorization_id = ?",
            "DELETE FROM oauth_consents WHERE client_id = ?");

    @TempDir
    Path folder;

    @Test
    void everyStatementFindsItsRowsByAnIndex() throws SQLException {
        Path file = folder.resolve("plans.db");
        Recorder recorder = new Recorder(SqliteStorage.builder(file).start());
        try (Storage storage = new SqlStorage(recorder)) {
            EveryCall.on(storage);
        }
        List<String> scans = new ArrayList<>();
        Set<String> unused = new TreeSet<>();
        try (Connection connection = Sqlite.connect(file)) {
            unused.addAll(Sqlite.ask(
                    connection, "SELECT name FROM sqlite_schema WHERE type = 'index' AND name GLOB 'oauth_*'"));
            assertThat(unused).as("indexes beside those of keys").hasSizeGreaterThan(20);
            Set<String> texts = new TreeSet<>(recorder.texts());
            // It counts all rows, and nothing but an operator's command asks for that.
            texts.removeIf(text -> text.startsWith("SELECT 'CLIENTS', count(*)"));
            texts.addAll(CASCADES);
            texts.addAll(ofChains(file));
            for (String text : texts) {
                for (String step : plan(connection, SqliteConnection.inSqlite(text))) {
                    unused.removeIf(index -> step.matches(".* INDEX " + index + "( .*)?"));
                    if (step.matches("SCAN .*")
                            && !step.matches("SCAN (CONSTANT ROW|\\(subquery.*|due|oldest|json_each.*)")) {
                        scans.add(step + ", in " + text);
                    }
                }
            }
        }
        assertThat(recorder.texts()).hasSizeGreaterThan(40);
        assertThat(scans).as("steps that read a whole table").isEmpty();
        assertThat(unused).as("indexes that no statement uses").isEmpty();
    }

    /** A plain one would have SQLite compile the statement anew for each value, once the file has been ANALYZEd. */
    @Test
    void noStatementShowsItsValuesToThePlanner() {
        assertThat(SqliteConnection.inSqlite("SELECT '$1', id FROM rows WHERE token = $1 AND n < $12 LIMIT $2"))
                .isEqualTo("SELECT '$1', id FROM rows WHERE token = +?1 AND n < +?12 LIMIT +?2");
    }

    /** What a chain needs beside its entries, twice: an opening that finds another one's head, and an end. */
    private static Set<String> ofChains(Path file) throws SQLException {
        Set<String> texts = new TreeSet<>();
        KeyRing keys = KeyRing.of(Key.generate("key"));
        try (SqliteConnection connection = SqliteConnection.open(file, 0, () -> false)) {
            for (int chain = 0; chain < 2; chain++) {
                SqlChainedSession session = new SqlChainedSession(new Recorder.Session(connection, texts), () -> keys);
                connection.begin();
                session.begin();
                SqlUnitRun.run(session, CapturedUnits.ofAnEntry());
                session.finish();
                session.committing();
                connection.commit();
                // A commit in doubt is looked for.
                session.begin();
            }
        }
        return texts;
    }

    /** The fourth column tells; the others number the steps. */
    private static List<String> plan(Connection connection, String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (var statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                steps.add(rows.getString(4));
            }
        }
        return steps;
    }

    @Test
    void theAuditLogRefusesStatementsByHand() throws SQLException {
        Path file = folder.resolve("audit.db");
        AuditLog entry;
        try (Storage storage = SqliteStorage.builder(file).open()) {
            entry = Sqlite.rows(storage).storedAuditLog();
            assertThat(Sqlite.failure(storage.auditLog().insert(entry, Sqlite.ray())))
                    .isInstanceOf(DuplicateRowException.class);
        }
        try (Connection connection = Sqlite.connect(file)) {
            for (String recursive : List.of("OFF", "ON")) {
                Sqlite.run(connection, "PRAGMA recursive_triggers = " + recursive);
                List<String> before = Sqlite.ask(connection, "SELECT id || event_type FROM oauth_audit_log");
                for (String statement : List.of(
                        "UPDATE oauth_audit_log SET event_type = 'changed'",
                        "UPDATE OR IGNORE oauth_audit_log SET event_type = 'changed'",
                        "DELETE FROM oauth_audit_log",
                        "DELETE FROM oauth_audit_log WHERE id = '" + entry.id() + "'",
                        "REPLACE INTO oauth_audit_log SELECT id, 'changed', subject, client_id, user_id, ray_id, metadata,"
                                + " created_at, created_by, chain, sequence, previous_hash, hash FROM oauth_audit_log")) {
                    assertThatThrownBy(() -> Sqlite.run(connection, statement))
                            .as(statement)
                            .isInstanceOf(SQLException.class);
                }
                assertThat(Sqlite.ask(connection, "SELECT id || event_type FROM oauth_audit_log"))
                        .isEqualTo(before);
            }
        }
    }

    /** The index of chains is one more key by which an entry could be replaced. */
    @Test
    void theAuditLogRefusesToReplaceAnEntryByItsPlaceInAChain() throws SQLException {
        Path file = folder.resolve("replace.db");
        SqliteStorage.builder(file).open().close();
        try (Connection connection = Sqlite.connect(file)) {
            for (String recursive : List.of("OFF", "ON")) {
                Sqlite.run(connection, "PRAGMA recursive_triggers = " + recursive);
                Sqlite.run(connection, "INSERT INTO oauth_audit_log " + entryInChain("first " + recursive, recursive));
                String another = entryInChain("another", recursive);
                for (String insert : List.of("INSERT", "REPLACE", "INSERT OR REPLACE")) {
                    assertThatThrownBy(() -> Sqlite.run(connection, insert + " INTO oauth_audit_log " + another))
                            .as(insert)
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("oauth_audit_log.sequence");
                }
                assertThatThrownBy(() -> Sqlite.run(connection, "DELETE FROM oauth_audit_log"))
                        .hasMessageContaining("append-only");
            }
            assertThat(Sqlite.ask(connection, "SELECT id FROM oauth_audit_log"))
                    .containsExactlyInAnyOrder("first OFF", "first ON");
        }
    }

    private static String entryInChain(String id, String chain) {
        return "VALUES ('" + id + "', 'e', NULL, NULL, NULL, 'r', '{}', 0, 'x', '" + chain + "', 1, 'p', 'h')";
    }
}
