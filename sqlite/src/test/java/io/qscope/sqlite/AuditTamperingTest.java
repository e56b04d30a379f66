package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.audit.AuditCheckpoint;
import io.qscope.audit.AuditFinding;
import io.qscope.audit.AuditFinding.Kind;
import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.store.Attempt;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import io.qscope.store.UnitOfWork;
import io.qscope.tck.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody with the database file and SQL can do to the audit log, once he has dropped its triggers, and how it is found.
 * The log: an entry from before there were keys; then two chains, each of an opening and an entry (sequence 2), a unit of three
 * (3 to 5), an entry (6) and a closing (7); in SQL, FIRST and LAST are their ids.
 */
@Timeout(120)
class AuditTamperingTest {

    private static final KeyRing KEYS = KeyRing.of(Key.generate("key:1"));
    private static final List<String> TRIGGERS = List.of("no_update", "no_delete", "no_replace", "no_replace_in_chain");

    @TempDir
    static Path folder;

    /** A column, and what it is set to. */
    record Change(String column, String value) {}

    /** What is done to the log, and the finding by which it shows. */
    record Tampering(String what, Kind found, List<String> statements) {}

    private static Path original = Path.of("");
    private static List<String> chains = List.of();

    @BeforeAll
    static void writeLog() throws SQLException {
        original = folder.resolve("original.db");
        try (Storage storage = SqliteStorage.open(original)) {
            Sqlite.rows(storage).storedAuditLog();
        }
        for (int chain = 0; chain < 2; chain++) {
            try (Storage storage = SqliteStorage.builder(original).keys(KEYS).open()) {
                write(storage, Rows.NOW.plusSeconds(1 + chain));
            }
        }
        try (Connection connection = Sqlite.connect(original)) {
            chains = Sqlite.ask(
                    connection, "SELECT DISTINCT chain FROM oauth_audit_log WHERE chain IS NOT NULL ORDER BY chain");
        }
        assertThat(chains).hasSize(2);
    }

    private static void write(Storage storage, Instant at) {
        insert(storage, at);
        UnitOfWork unit = storage.unitOfWork(Attempt.of(at, "test"));
        for (int i = 0; i < 3; i++) {
            unit.insert(entry(storage, at));
        }
        Sqlite.await(unit.commit(Sqlite.ray()));
        insert(storage, at);
    }

    private static void insert(Storage storage, Instant at) {
        Sqlite.await(storage.auditLog().insert(entry(storage, at), Sqlite.ray()));
    }

    /** An entry of which no column is empty. */
    private static AuditLog entry(Storage storage, Instant at) {
        return Sqlite.rows(storage).auditLog().toBuilder()
                .clientId("client")
                .userId("user")
                .createdAt(at)
                .build();
    }

    /** A copy of the log, after these statements. */
    private static Path tampered(String... statements) throws SQLException, IOException {
        Path file = folder.resolve(UUID.randomUUID() + ".db");
        // Nobody has the original open, so that Java may read it.
        Files.copy(original, file);
        try (Connection connection = Sqlite.connect(file)) {
            for (String trigger : TRIGGERS) {
                Sqlite.run(connection, "DROP TRIGGER oauth_audit_log_" + trigger);
            }
            for (String statement : statements) {
                Sqlite.run(connection, inSql(statement));
            }
        }
        return file;
    }

    private static String inSql(String statement) {
        return statement
                .replace("LOG", "oauth_audit_log")
                .replace("FIRST", "'" + chains.get(0) + "'")
                .replace("LAST", "'" + chains.get(1) + "'");
    }

    private static AuditReport verified(Path file, AuditCheckpoint... checkpoints) {
        try (Storage storage = SqliteStorage.open(file)) {
            AuditVerification verification = AuditVerification.of(storage, () -> KEYS);
            for (AuditCheckpoint checkpoint : checkpoints) {
                verification = verification.against(checkpoint);
            }
            return Sqlite.await(verification.run(Sqlite.ray()));
        }
    }

    private static Set<Kind> kinds(AuditReport report) {
        return report.findings().stream().map(AuditFinding::kind).collect(Collectors.toSet());
    }

    @Test
    void logThatNobodyTouchedIsIntact() throws Exception {
        AuditReport report = verified(tampered());
        assertThat(report.findings()).isEmpty();
        assertThat(report.entries()).isEqualTo(14);
        assertThat(report.beforeFirstChain()).isEqualTo(1);
        assertThat(report.closed()).isEqualTo(2);
    }

    static Stream<Change> changesOfAColumn() {
        return Stream.of(
                new Change("id", "'another'"),
                new Change("event_type", "'another'"),
                new Change("subject", "'another'"),
                new Change("subject", "NULL"),
                new Change("client_id", "'another'"),
                new Change("user_id", "'another'"),
                new Change("user_id", "NULL"),
                new Change("ray_id", "'another'"),
                new Change("metadata", "'{}'"),
                new Change("metadata", "json_set(metadata, '$.grant', 'implicit')"),
                new Change("created_at", "created_at + 1"),
                new Change("created_by", "'another'"),
                new Change("chain", "'another'"),
                new Change("chain", "NULL"),
                new Change("sequence", "99"),
                new Change("sequence", "-1"),
                new Change("sequence", "NULL"),
                new Change("previous_hash", "'another'"),
                new Change("previous_hash", "NULL"),
                new Change("hash", "'another'"),
                new Change("hash", "NULL"),
                new Change("hash", "'v1:key:1:" + "0".repeat(64) + "'"));
    }

    @ParameterizedTest
    @MethodSource("changesOfAColumn")
    void changeOfAnyColumnIsFound(Change change) throws Exception {
        AuditReport report = verified(tampered("UPDATE LOG SET " + change.column() + " = " + change.value()
                + " WHERE chain = FIRST AND sequence = 4"));
        assertThat(kinds(report)).contains(Kind.CHANGED);
    }

    @Test
    void everyColumnIsChangedByTheTestBefore() throws SQLException {
        try (Connection connection = Sqlite.connect(original)) {
            List<String> columns =
                    Sqlite.ask(connection, "SELECT name FROM pragma_table_info('oauth_audit_log') ORDER BY name");
            assertThat(changesOfAColumn().map(Change::column).distinct()).containsExactlyInAnyOrderElementsOf(columns);
        }
    }

    private static final String COPY =
            "INSERT INTO LOG SELECT %s, event_type, subject, client_id, user_id, ray_id, metadata,"
                    + " created_at, created_by, %s, %s, previous_hash, hash FROM LOG WHERE chain = %s AND sequence = %s";

    /** Nothing but the empty start of the listing comes before it. */
    @Test
    void entryBeforeAllPlacesIsFound() throws Exception {
        AuditReport report = verified(tampered(COPY.formatted("'forged'", "''", "-9223372036854775808", "FIRST", "4")));
        assertThat(report.findings())
                .anySatisfy(finding -> assertThat(finding.entryId()).isEqualTo("forged"));
        assertThat(kinds(report)).contains(Kind.CHANGED);
    }

    /** The listing is read in pages of so many; a forger knows where they end. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void secondEntryInAPlaceIsFoundWhereAPageEndsToo(int beyond) throws Exception {
        Path file = folder.resolve(UUID.randomUUID() + ".db");
        try (Storage storage = SqliteStorage.builder(file).keys(KEYS).open()) {
            UnitOfWork unit = storage.unitOfWork(Attempt.of(Rows.NOW, "test"));
            for (int i = 0; i < Page.MOST + 5; i++) {
                if (i % 50 == 0 && i > 0) {
                    Sqlite.await(unit.commit(Sqlite.ray()));
                    unit = storage.unitOfWork(Attempt.of(Rows.NOW, "test"));
                }
                unit.insert(entry(storage, Rows.NOW));
            }
            Sqlite.await(unit.commit(Sqlite.ray()));
        }
        try (Connection connection = Sqlite.connect(file)) {
            Sqlite.run(connection, "DROP TRIGGER oauth_audit_log_no_replace_in_chain");
            Sqlite.run(connection, "DROP INDEX oauth_audit_log_by_chain");
            Sqlite.run(connection, "CREATE INDEX oauth_audit_log_by_chain ON oauth_audit_log (chain, sequence)");
            Sqlite.run(
                    connection,
                    inSql(COPY.formatted(
                            "'zzzz'",
                            "chain",
                            "sequence",
                            "(SELECT min(chain) FROM LOG)",
                            String.valueOf(Page.MOST - 1 + beyond))));
        }
        AuditReport report = verified(file);
        assertThat(report.findings()).anySatisfy(finding -> {
            assertThat(finding.entryId()).isEqualTo("zzzz");
            assertThat(finding.kind()).isEqualTo(Kind.CHANGED);
        });
    }

    /** What is no UTF-8 is read as something else, which the listing does not come past. */
    @Test
    void chainsThatAreNoTextDoNotKeepTheVerificationFromEnding() throws Exception {
        AuditReport report = verified(tampered(
                "INSERT INTO LOG SELECT 'bad' || value, 'e', NULL, NULL, NULL, 'r', '{}', 0, 'x', CAST(x'FF' AS TEXT), value,"
                        + " 'p', 'h' FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < "
                        + (Page.MOST + 100) + ") SELECT value FROM n)"));
        assertThat(report.isIntact()).isFalse();
        assertThat(report.furtherFindings())
                .as("findings that there is no room for")
                .isPositive();
        assertThat(report.entries()).as("read").isLessThanOrEqualTo(3L * Page.MOST);
    }

    static Stream<Tampering> tamperings() {
        return Stream.of(
                tampering(
                        "one entry deleted", Kind.BROKEN_LINK, "DELETE FROM LOG WHERE chain = FIRST AND sequence = 4"),
                tampering(
                        "a group deleted",
                        Kind.BROKEN_LINK,
                        "DELETE FROM LOG WHERE chain = FIRST AND sequence BETWEEN 3 AND 5"),
                tampering(
                        "the opening deleted", Kind.NO_OPENING, "DELETE FROM LOG WHERE chain = FIRST AND sequence = 1"),
                tampering(
                        "the first group deleted",
                        Kind.NO_OPENING,
                        "DELETE FROM LOG WHERE chain = FIRST AND sequence < 3"),
                tampering(
                        "a chain's end deleted",
                        Kind.HEAD_MISSING,
                        "DELETE FROM LOG WHERE chain = FIRST AND sequence > 5"),
                tampering("a chain deleted", Kind.HEAD_MISSING, "DELETE FROM LOG WHERE chain = FIRST"),
                tampering(
                        "two entries swapped",
                        Kind.CHANGED,
                        "UPDATE LOG SET sequence = 100 WHERE chain = FIRST AND sequence = 4",
                        "UPDATE LOG SET sequence = 4 WHERE chain = FIRST AND sequence = 5",
                        "UPDATE LOG SET sequence = 5 WHERE chain = FIRST AND sequence = 100"),
                tampering(
                        "a copy inserted",
                        Kind.CHANGED,
                        "UPDATE LOG SET sequence = sequence + 100 WHERE chain = FIRST AND sequence > 4",
                        copy("chain = FIRST AND sequence = 4", "'copy'", "sequence + 1")),
                tampering(
                        "a copy appended",
                        Kind.AFTER_CLOSING,
                        copy("chain = LAST AND sequence = 6", "'copy'", "sequence + 2")),
                tampering(
                        "an entry without a chain inserted",
                        Kind.UNCHAINED,
                        "INSERT INTO LOG SELECT 'forged', event_type, subject, client_id, user_id, ray_id, metadata,"
                                + " created_at, created_by, NULL, NULL, NULL, NULL FROM LOG WHERE chain = LAST AND sequence = 6"),
                tampering(
                        "every chain taken away",
                        Kind.NO_CHAIN,
                        "UPDATE LOG SET chain = NULL, sequence = NULL, previous_hash = NULL, hash = NULL"),
                tampering("every chain deleted", Kind.NO_CHAIN, "DELETE FROM LOG WHERE chain IS NOT NULL"),
                tampering(
                        "a key's id changed",
                        Kind.UNKNOWN_KEY,
                        "UPDATE LOG SET hash = replace(hash, 'v1:key:1:', 'v1:key:2:') WHERE chain = FIRST AND sequence = 4"),
                tampering(
                        "an entry made unreadable",
                        Kind.UNREADABLE,
                        "UPDATE LOG SET metadata = '[1]' WHERE chain = FIRST AND sequence = 4"),
                tampering(
                        "members written before those of the same names",
                        Kind.UNREADABLE,
                        "UPDATE LOG SET metadata = '{\"' || (SELECT key FROM json_each(metadata) LIMIT 1) || '\": \"forged\", '"
                                + " || substr(metadata, 2) WHERE chain = FIRST AND sequence = 4"),
                tampering(
                        "an entry made unreadable in another way",
                        Kind.UNREADABLE,
                        "UPDATE LOG SET created_at = -1 WHERE chain = FIRST AND sequence = 4"));
    }

    private static Tampering tampering(String what, Kind found, String... statements) {
        return new Tampering(what, found, List.of(statements));
    }

    private static String copy(String which, String id, String sequence) {
        return "INSERT INTO LOG SELECT " + id
                + ", event_type, subject, client_id, user_id, ray_id, metadata, created_at," + " created_by, chain, "
                + sequence + ", previous_hash, hash FROM LOG WHERE " + which;
    }

    @ParameterizedTest
    @MethodSource("tamperings")
    void tamperingIsFound(Tampering tampering) throws Exception {
        AuditReport report = verified(tampered(tampering.statements().toArray(String[]::new)));
        assertThat(report.isIntact()).isFalse();
        assertThat(kinds(report)).as(tampering.what()).contains(tampering.found());
    }

    /** All but what only a checkpoint tells. */
    @Test
    void everyKindOfFindingIsMetHere() {
        assertThat(Stream.concat(tamperings().map(Tampering::found), Stream.of(Kind.ENTRIES_MISSING))
                        .distinct())
                .containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void truncationOfTheNewestIsFoundByACheckpoint() throws Exception {
        AuditCheckpoint checkpoint = AuditCheckpoint.of(verified(original), Rows.NOW, KEYS);
        for (String deletion : List.of(
                "DELETE FROM LOG WHERE chain = LAST AND sequence = 7",
                "DELETE FROM LOG WHERE chain = LAST AND sequence > 2",
                "DELETE FROM LOG WHERE chain = LAST",
                "DELETE FROM LOG")) {
            Path file = tampered(deletion);
            assertThat(verified(file).isIntact()).as("without a checkpoint").isTrue();
            assertThat(kinds(verified(file, checkpoint)))
                    .as(deletion)
                    .containsExactlyInAnyOrder(Kind.HEAD_MISSING, Kind.ENTRIES_MISSING);
        }
        assertThat(verified(original, checkpoint).findings()).isEmpty();
    }

    /** A storage that is open remembers where its chain stood, whatever becomes of the file meanwhile. */
    @Test
    void truncationUnderAnOpenStorageIsFoundByItsNextEntry() throws Exception {
        Path file = tampered();
        try (Storage storage = SqliteStorage.builder(file).keys(KEYS).open()) {
            insert(storage, Rows.NOW.plusSeconds(9));
            insert(storage, Rows.NOW.plusSeconds(9));
            try (Connection connection = Sqlite.connect(file)) {
                Sqlite.run(
                        connection,
                        "DELETE FROM oauth_audit_log WHERE sequence = 3 AND chain NOT IN ('" + chains.get(0) + "', '"
                                + chains.get(1) + "')");
            }
            insert(storage, Rows.NOW.plusSeconds(9));
        }
        AuditReport report = verified(file);
        assertThat(report.findings()).extracting(AuditFinding::kind).containsExactly(Kind.BROKEN_LINK);
    }

    @Test
    void triggersRefuseAllOfThisWhileTheyStand() throws Exception {
        List<String> statements = new ArrayList<>(List.of("DELETE FROM oauth_audit_log"));
        tamperings()
                .flatMap(tampering -> tampering.statements().stream())
                .filter(statement -> !statement.startsWith("INSERT"))
                .map(AuditTamperingTest::inSql)
                .forEach(statements::add);
        try (Connection connection = Sqlite.connect(original)) {
            for (String statement : statements) {
                if (!statement.contains("= 100")) {
                    assertThatThrownBy(() -> Sqlite.run(connection, statement))
                            .as(statement)
                            .hasMessageContaining("append-only");
                }
            }
        }
        assertThat(verified(original).isIntact()).isTrue();
    }
}
