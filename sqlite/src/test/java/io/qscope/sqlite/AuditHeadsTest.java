package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditFinding;
import io.qscope.audit.AuditLane;
import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.OAuthClient;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of heads in the hands of somebody who has the database: it keeps nothing from being written, and nobody believes it. */
@Timeout(120)
class AuditHeadsTest {

    private static final KeyRing KEYS = KeyRing.of(Key.generate("key"));
    private static final String CHAIN = "00000000-0000-7000-8000-000000000000";
    private static final String LINK = "f".repeat(64);

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void createFile() {
        file = folder.resolve(UUID.randomUUID() + ".db");
        SqliteStorage.open(file).close();
    }

    private Storage keyed() {
        return SqliteStorage.builder(file).keys(KEYS).open();
    }

    private void byHand(String... statements) throws SQLException {
        try (Connection connection = Sqlite.connect(file)) {
            for (String statement : statements) {
                Sqlite.run(connection, statement);
            }
        }
    }

    private List<String> asked(String query) throws SQLException {
        try (Connection connection = Sqlite.connect(file)) {
            return Sqlite.ask(connection, query);
        }
    }

    private AuditReport verified() {
        try (Storage storage = SqliteStorage.open(file)) {
            return Sqlite.await(AuditVerification.of(storage, () -> KEYS).run(Sqlite.ray()));
        }
    }

    /** How many heads the newest opening records. */
    private String recorded() throws SQLException {
        return asked("SELECT json_array_length(metadata, '$.heads') FROM oauth_audit_log WHERE sequence = 1"
                        + " ORDER BY chain DESC LIMIT 1")
                .get(0);
    }

    /** A table of another form than the schema's, in which anything can stand. */
    private void looseTable() throws SQLException {
        byHand("DROP TABLE oauth_audit_heads", "CREATE TABLE oauth_audit_heads (chain UNIQUE, sequence, link, turn)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'%CHAIN%', 0, '%LINK%'",
                "'%CHAIN%', -9223372036854775808, '%LINK%'",
                "'%CHAIN%', NULL, '%LINK%'",
                "'%CHAIN%', 'seven', '%LINK%'",
                "'%CHAIN%', 7, ''",
                "'%CHAIN%', 7, NULL",
                "'%CHAIN%', 7, upper('%LINK%')",
                "'%CHAIN%', 7, '%LINK%' || 'f'",
                "'%CHAIN%', 7, x'00ff'",
                "'', 7, '%LINK%'",
                "NULL, 7, '%LINK%'",
                "7, 7, '%LINK%'",
                "'%CHAIN%' || char(10), 7, '%LINK%'",
                "replace(printf('%101d', 1), ' ', 'c'), 7, '%LINK%'",
                "replace(printf('%20000d', 1), ' ', 'c'), 7, '%LINK%'"
            })
    void headThatNoLaneWroteIsPassedOver(String row) throws SQLException {
        looseTable();
        byHand("INSERT INTO oauth_audit_heads (chain, sequence, link, turn) VALUES ("
                + row.replace("%CHAIN%", CHAIN).replace("%LINK%", LINK) + ", 1)");
        try (Storage storage = keyed()) {
            Rows rows = Sqlite.rows(storage);
            AuditLog entry = rows.auditLog();
            assertThat(Sqlite.failure(storage.auditLog().insert(entry, Sqlite.ray())))
                    .isNull();
        }
        assertThat(recorded()).isEqualTo("0");
        assertThat(verified().findings()).isEmpty();
    }

    /** What is refused before a commit is not applied, and only those fail who need it. */
    @Test
    void headThatCannotBeWrittenFailsTheEntriesAloneAndAsNotApplied() throws SQLException {
        byHand("CREATE TRIGGER bar BEFORE INSERT ON oauth_audit_heads BEGIN SELECT RAISE(ABORT, 'barred'); END");
        List<CompletableFuture<?>> entries = new ArrayList<>();
        List<CompletableFuture<?>> others = new ArrayList<>();
        try (Storage storage = keyed();
                Connection other = Sqlite.connect(file)) {
            Sqlite.run(other, "BEGIN IMMEDIATE");
            Rows rows = Sqlite.rows(storage);
            for (int i = 0; i < 4; i++) {
                OAuthClient client = rows.client();
                entries.add(storage.auditLog().insert(rows.auditLog(), Sqlite.ray()));
                others.add(storage.clients().insert(client, Sqlite.ray()));
            }
            Sqlite.run(other, "ROLLBACK");
            for (CompletableFuture<?> entry : entries) {
                assertThat(Sqlite.failure(entry))
                        .isInstanceOfSatisfying(
                                StorageUnavailableException.class,
                                failure -> assertThat(failure.outcomeUnknown()).isFalse());
            }
            assertThat(others)
                    .allSatisfy(client -> assertThat(Sqlite.failure(client)).isNull());
            byHand("DROP TRIGGER bar");
            rows.storedAuditLog();
        }
        assertThat(asked("SELECT count(*) FROM oauth_audit_log")).containsExactly("3");
        assertThat(verified().findings()).isEmpty();
    }

    /** A chain of three groups, of 2, 40 and 1 entries, that was not closed. */
    private void unclosedChain() throws SQLException {
        try (Lanes lanes = Lanes.on(file, KEYS)) {
            int lane = lanes.open();
            lanes.commit(lane, 40);
            lanes.commit(lane, 1);
        }
    }

    private void openAnother() {
        try (Storage storage = keyed()) {
            Sqlite.rows(storage).storedAuditLog();
        }
    }

    /** It is an index of what is in the log, and no evidence. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM oauth_audit_heads",
                "UPDATE oauth_audit_heads SET sequence = 5, link = 'another'",
                "INSERT INTO oauth_audit_heads VALUES ('another', 5, 'another', 1)"
            })
    void nothingThatVerifiesBelievesTheTable(String statement) throws SQLException {
        openAnother();
        openAnother();
        byHand(statement);
        assertThat(verified().findings()).isEmpty();
    }

    @Test
    void headThatTheLogBearsOutIsRecorded() throws SQLException {
        unclosedChain();
        openAnother();
        assertThat(recorded()).isEqualTo("1");
        assertThat(verified().findings()).isEmpty();
    }

    /** Whether the log was cut or the table written by hand: it is found, and by no checkpoint. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM oauth_audit_log WHERE sequence = (SELECT max(sequence) FROM oauth_audit_log)",
                "DELETE FROM oauth_audit_log",
                "UPDATE oauth_audit_heads SET sequence = sequence + 1",
                "UPDATE oauth_audit_heads SET sequence = sequence - 1",
                "UPDATE oauth_audit_heads SET link = '%LINK%'",
                "UPDATE oauth_audit_heads SET chain = '%CHAIN%'"
            })
    void headThatTheLogFallsShortOfIsRecordedAndMissed(String statement) throws SQLException {
        unclosedChain();
        byHand(
                "DROP TRIGGER oauth_audit_log_no_delete",
                statement.replace("%CHAIN%", CHAIN).replace("%LINK%", LINK));
        openAnother();
        assertThat(recorded()).isEqualTo("1");
        assertThat(verified().findings()).extracting(AuditFinding::kind).contains(AuditFinding.Kind.HEAD_MISSING);
    }

    /** An entry that is gone leaves the links of later groups whole, if there are none; only the head tells. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anEntryThatIsGoneFromTheLastGroupIsMissed(int place) throws SQLException {
        try (Lanes lanes = Lanes.on(file, KEYS)) {
            lanes.commit(lanes.open(), 3);
        }
        byHand(
                "DROP TRIGGER oauth_audit_log_no_delete",
                "DELETE FROM oauth_audit_log WHERE sequence = (SELECT max(sequence) FROM oauth_audit_log) - "
                        + (3 - place));
        openAnother();
        assertThat(verified().findings()).extracting(AuditFinding::kind).contains(AuditFinding.Kind.HEAD_MISSING);
    }

    /** It pins less than it could, as a row that was deleted pins nothing; and what it says is true. */
    @Test
    void headOfAnEarlierGroupIsRecordedAndFound() throws SQLException {
        try (Lanes lanes = Lanes.on(file, KEYS)) {
            int lane = lanes.open();
            byHand("CREATE TABLE earlier AS SELECT * FROM oauth_audit_heads");
            lanes.commit(lane, 1);
        }
        byHand("DELETE FROM oauth_audit_heads", "INSERT INTO oauth_audit_heads SELECT * FROM earlier");
        openAnother();
        assertThat(recorded()).isEqualTo("1");
        assertThat(verified().findings()).isEmpty();
    }

    /** Rows that come first in their order, and whose names Java reads otherwise than they stand there. */
    @Test
    void rowsThatNoLaneWroteDoNotStandInTheWayOfThoseThatDid() throws SQLException {
        unclosedChain();
        byHand("INSERT INTO oauth_audit_heads (chain, sequence, link, turn)"
                + " WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < " + AuditLane.MOST_HEADS
                + ") SELECT CAST(x'ff' AS TEXT) || i, 7, '" + LINK + "', -1 FROM n");
        openAnother();
        openAnother();
        assertThat(recorded())
                .as("the chain that ended, and the first of the others")
                .isEqualTo("2");
        assertThat(asked("SELECT chain FROM oauth_audit_heads WHERE turn < 0")).isEmpty();
    }

    @Test
    void headOfAGroupOfManyIsRecorded() throws SQLException {
        try (Lanes lanes = Lanes.on(file, KEYS)) {
            lanes.commit(lanes.open(), 1_000);
        }
        openAnother();
        assertThat(recorded()).isEqualTo("1");
    }

    @Test
    void openingRecordsAsManyHeadsAsItHoldsAndLeavesTheRestToTheNext() throws SQLException {
        try (Lanes lanes = Lanes.on(file, KEYS)) {
            int count = AuditLane.MOST_HEADS + 30;
            for (int i = 0; i < count; i++) {
                lanes.open();
            }
            for (int lane = 0; lane < count; lane++) {
                lanes.commit(lane, 1);
            }
        }
        List<String> recorded = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            openAnother();
            recorded.add(recorded());
        }
        // The second opening also finds the end of the first chain, and the third that of the second.
        assertThat(recorded).containsExactly("" + AuditLane.MOST_HEADS, "31", "1");
        assertThat(verified().findings()).isEmpty();
    }

    /** What goes on comes back after each opening; what ended is recorded all the same. */
    @Test
    void endedChainIsRecordedHoweverManyOthersGoOn() throws SQLException {
        int living = AuditLane.MOST_HEADS + 5;
        try (Lanes lanes = Lanes.on(file, KEYS)) {
            for (int i = 0; i < living; i++) {
                lanes.open();
            }
            lanes.open();
            String ended = asked("SELECT max(chain) FROM oauth_audit_log").get(0);
            for (int round = 0; round < 2; round++) {
                for (int lane = 0; lane < living; lane++) {
                    lanes.commit(lane, 1);
                }
                lanes.open();
            }
            assertThat(asked("SELECT count(*) FROM oauth_audit_log, json_each(metadata, '$.heads') WHERE sequence = 1"
                            + " AND value ->> '$.chain' = '" + ended + "'"))
                    .containsExactly("1");
        }
        assertThat(verified().findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-9223372036854775808", "1152921504606846975"})
    void turnThatWasWrittenByHandKeepsNothingFromBeingWritten(String turn) throws SQLException {
        unclosedChain();
        byHand("UPDATE oauth_audit_heads SET turn = " + turn);
        openAnother();
        openAnother();
        assertThat(asked("SELECT chain FROM oauth_audit_heads")).hasSize(1);
        assertThat(verified().findings()).isEmpty();
    }
}
