package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.engine.Callbacks;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RefreshToken;
import io.qscope.sql.SqlChainedSession;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlUnitRun;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Grace;
import io.qscope.store.Page;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteCommitListener;

/** The chain and its commits: what it costs, and that it goes on after one that was undone, run again or left in doubt. */
@Timeout(120)
class AuditCommitTest {

    private static final long BUSY_NANOS = 5_000_000_000L;
    private static final KeyRing KEYS = KeyRing.of(Key.generate("key"));

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void createFile() {
        file = folder.resolve(UUID.randomUUID() + ".db");
        SqliteStorage.open(file).close();
    }

    private AuditReport verified() {
        try (Storage storage = SqliteStorage.open(file)) {
            return Sqlite.await(AuditVerification.of(storage, () -> KEYS).run(Sqlite.ray()));
        }
    }

    private List<AuditLog> chained() {
        try (Storage storage = SqliteStorage.open(file)) {
            return Sqlite.await(storage.auditLog().chained(Page.first(Page.MOST), Sqlite.ray()))
                    .rows();
        }
    }

    /** Runs a unit in a transaction of its own, as the writer does, up to its commit. */
    private static void untilCommit(SqliteConnection connection, SqlChainedSession session) throws SQLException {
        connection.begin();
        session.begin();
        SqlUnitRun.run(session, CapturedUnits.ofAnEntry());
        session.finish();
        session.committing();
    }

    private static void commit(SqliteConnection connection, SqlChainedSession session) throws SQLException {
        untilCommit(connection, session);
        connection.commit();
        session.committed();
    }

    /** The doubt may come at the chain's first group and at later ones, and twice in a row. */
    @ParameterizedTest
    @ValueSource(strings = {"applied", "lost", "applied applied", "lost lost", "applied lost", "lost applied"})
    void chainGoesOnAfterACommitInDoubt(String outcomes) throws SQLException {
        for (int before = 0; before < 3; before++) {
            createFile();
            int stored = before;
            try (SqliteConnection connection = SqliteConnection.open(file, BUSY_NANOS, () -> false)) {
                SqlChainedSession session = new SqlChainedSession(connection, () -> KEYS);
                for (int i = 0; i < before; i++) {
                    commit(connection, session);
                }
                for (String outcome : outcomes.split(" ", -1)) {
                    untilCommit(connection, session);
                    if (outcome.equals("applied")) {
                        connection.commit();
                        stored++;
                    } else {
                        connection.rollback();
                    }
                    // Nobody tells the session, as when the failure of a commit does not say what it did.
                }
                commit(connection, session);
                commit(connection, session);
                stored += 2;
            }
            AuditReport report = verified();
            assertThat(report.findings()).as("%s after %s", outcomes, before).isEmpty();
            assertThat(report.chains()).isEqualTo(1);
            assertThat(report.entries()).isEqualTo(1 + stored);
        }
    }

    @Test
    void transactionThatIsRolledBackLeavesNoTrace() throws SQLException {
        try (SqliteConnection connection = SqliteConnection.open(file, BUSY_NANOS, () -> false)) {
            SqlChainedSession session = new SqlChainedSession(connection, () -> KEYS);
            for (int i = 0; i < 4; i++) {
                connection.begin();
                session.begin();
                SqlUnitRun.run(session, CapturedUnits.ofAnEntry());
                session.finish();
                connection.rollback();
                commit(connection, session);
            }
        }
        assertThat(verified().findings()).isEmpty();
        assertThat(chained()).extracting(AuditLog::sequence).containsExactly(1L, 3L, 5L, 7L, 9L);
    }

    /** How many commits a group of calls takes, on a writer that is stopped before it closes its chain. */
    private int commits(@Nullable Supplier<KeyRing> keys, List<SqlUnit<?>> units) throws Exception {
        AtomicInteger commits = new AtomicInteger();
        try (SqliteConnection connection = SqliteConnection.open(file, BUSY_NANOS, () -> false);
                Callbacks callbacks = Callbacks.on(Runnable::run)) {
            connection.jdbc().addCommitListener(new SQLiteCommitListener() {
                @Override
                public void onCommit() {
                    commits.incrementAndGet();
                }

                @Override
                public void onRollback() {}
            });
            CallQueue<SqlUnit<?>> queue = new CallQueue<>(1_000, 1_000, 1);
            assertThat(queue.offer(units)).isEqualTo(units.size());
            queue.close();
            new SqliteWriter(file, FileIdentity.of(file), connection, keys, queue, callbacks, () -> true).run();
        }
        for (SqlUnit<?> unit : units) {
            assertThat(unit.future()).isDone();
        }
        return commits.get();
    }

    @Test
    void chainTakesNoCommitOfItsOwn() throws Exception {
        assertThat(commits(null, unitsOfEntries(100))).isEqualTo(1);
        assertThat(commits(() -> KEYS, unitsOfEntries(100))).isEqualTo(1);
        assertThat(chained()).hasSize(101).extracting(AuditLog::previousHash).containsOnly("0".repeat(64));
        assertThat(verified().findings()).isEmpty();
        assertThat(verified().beforeFirstChain()).isEqualTo(100);
    }

    private static List<SqlUnit<?>> unitsOfEntries(int count) {
        List<SqlUnit<?>> units = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            units.add(CapturedUnits.ofAnEntry());
        }
        return units;
    }

    /** It is asked on the thread that writes, where it holds up everybody. */
    @Test
    void keyThatCannotBeHadIsAskedForOnceAGroup() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<SqlUnit<?>> units = unitsOfEntries(100);
        commits(
                () -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("the vault is sealed");
                },
                units);
        assertThat(asked).hasValue(1);
        for (SqlUnit<?> unit : units) {
            assertThat(Sqlite.failure(unit.future()))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining(unit.rayId().value());
        }
    }

    /** A single call that has to be undone after it wrote makes the writer run the whole group again. */
    @Test
    void groupThatIsRunAgainIsChainedOnce() throws SQLException {
        try (Storage storage = SqliteStorage.builder(file).keys(KEYS).open();
                Connection other = Sqlite.connect(file)) {
            Rows rows = Sqlite.rows(storage);
            rows.storedAuditLog();
            RefreshToken token = rows.storedRefreshToken();
            RefreshToken taken = token.toBuilder().predecessorId(token.id()).build();
            List<CompletableFuture<?>> entries = new ArrayList<>();
            Sqlite.run(other, "BEGIN IMMEDIATE");
            // The writer waits with the first of them; the rest is one group.
            for (int i = 0; i < 3; i++) {
                entries.add(storage.auditLog().insert(rows.auditLog(), Sqlite.ray()));
            }
            CompletableFuture<?> undone = storage.refreshTokens()
                    .rotate(token.token(), taken, Grace.NONE, Attempt.of(token.createdAt(), "x"), Sqlite.ray());
            entries.add(storage.auditLog().insert(rows.auditLog(), Sqlite.ray()));
            entries.add(storage.unitOfWork(Attempt.of(token.createdAt(), "x"))
                    .insert(rows.auditLog())
                    .insert(rows.auditLog())
                    .commit(Sqlite.ray()));
            Sqlite.run(other, "ROLLBACK");
            entries.forEach(Sqlite::await);
            assertThat(Sqlite.failure(undone)).isInstanceOf(DuplicateRowException.class);
        }
        AuditReport report = verified();
        assertThat(report.findings()).isEmpty();
        assertThat(report.entries()).isEqualTo(1 + 1 + 6 + 1);
        assertThat(report.closed()).isEqualTo(1);
    }
}
