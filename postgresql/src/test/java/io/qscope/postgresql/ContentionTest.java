package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Others are in the way, on the server or before it: what can be done again is, and what cannot is told in time. */
@Tag("long")
@Timeout(120)
class ContentionTest {

    private static final Attempt ATTEMPT = new Attempt("attempt-1", Rows.NOW, "test");

    private static final int WAITING = 3;

    private String schema;
    private Wire wire;
    private Storage storage;
    private Rows rows;

    /** Somebody who holds locks. */
    private Connection other;

    @BeforeEach
    void open() throws Exception {
        schema = TestServer.newSchema();
        wire = new Wire(TestServer.port());
        storage = Storage.open(TestServer.location(schema));
        rows = new Rows(storage, new Random());
        other = TestServer.connect();
        other.setSchema(schema);
        other.setAutoCommit(false);
    }

    @AfterEach
    void close() throws Exception {
        other.close();
        storage.close();
        wire.close();
    }

    /** Through the wire. */
    private Storage opened(String user, String options) {
        return Storage.open(TestServer.location(wire.port(), schema).replace("postgres@", user + "@") + options);
    }

    @Test
    void aRowThatSomebodyHoldsFailsTheCallThatWaitsForIt() throws Exception {
        AuthorizationCode code = rows.storedCode();
        OAuthClient client = rows.storedClient();
        try (Storage hasty = opened("postgres", "&call_timeout=2")) {
            execute("SELECT 1 FROM oauth_authorization_codes WHERE id = '" + code.id() + "' FOR UPDATE");
            CompletableFuture<ConsumeOutcome<AuthorizationCode>> held = consume(hasty, code);
            awaitSomebodyWaits();
            for (int i = 0; i < 20; i++) {
                hasty.accessTokens()
                        .insert(rows.accessToken(client), RayId.random())
                        .get(10, TimeUnit.SECONDS);
            }
            assertThat(failure(held))
                    .hasMessageContaining("57014")
                    .hasMessageContaining("callTimeout")
                    .matches(failed -> !failed.outcomeUnknown(), "is known not to be applied");

            other.rollback();
            assertThat(consume(hasty, code).get(10, TimeUnit.SECONDS).won()).isTrue();
        }
    }

    @Test
    void aDeadlockIsUndoneAndRunAgain() throws Exception {
        TestServer.run("DROP ROLE IF EXISTS patient; CREATE ROLE patient LOGIN SUPERUSER;"
                // Whoever waits as long first looks for a deadlock, and is the one to give way.
                + " ALTER ROLE patient SET deadlock_timeout = '2s'");
        execute("SET deadlock_timeout = '1min'");
        AuthorizationCode code = rows.storedCode();
        String root = rows.storedAuthorization().id();
        try (Storage patient = opened("patient", "")) {
            execute("SELECT 1 FROM oauth_authorizations WHERE id = '" + root + "' FOR UPDATE");
            CompletableFuture<UnitOutcome> unit = patient.unitOfWork(ATTEMPT)
                    .consume(code.code())
                    .revokeAuthorization(root)
                    .commit(RayId.random());
            awaitSomebodyWaits();
            execute("SELECT 1 FROM oauth_authorization_codes WHERE id = '" + code.id() + "' FOR UPDATE");

            Eventually.holds("40P01 is on the wire", () -> wire.hasPassed("40P01"));
            assertThat(unit).isNotDone();
            other.rollback();
            assertThat(unit.get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
        }
    }

    @Test
    void aSerializationFailureIsUndoneAndRunAgain() throws Exception {
        TestServer.run("DROP ROLE IF EXISTS strict; CREATE ROLE strict LOGIN SUPERUSER;"
                + " ALTER ROLE strict SET default_transaction_isolation = 'serializable'");
        AuthorizationCode code = rows.storedCode();
        try (Storage strict = opened("strict", "")) {
            execute("UPDATE oauth_authorization_codes SET version = version + 1 WHERE id = '" + code.id() + "'");
            CompletableFuture<UnitOutcome> unit = strict.unitOfWork(ATTEMPT)
                    .consume(code.code())
                    .insert(rows.auditLog())
                    .commit(RayId.random());
            awaitSomebodyWaits();
            other.commit();

            assertThat(unit.get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
            Eventually.holds("40001 is on the wire", () -> wire.hasPassed("40001"));
        }
    }

    /** The unit that opens a chain of the audit log is sent a statement at a time. */
    @Test
    void aUnitWhoseCommitWasNotSentIsRunAgainWhenItsConnectionBreaks() throws Exception {
        AuthorizationCode code = rows.storedCode();
        try (Storage chained = PostgresqlStorage.builder(TestServer.location(wire.port(), schema))
                .keys(KeyRing.of(Key.generate("test")))
                .open()) {
            execute("SELECT 1 FROM oauth_authorization_codes WHERE id = '" + code.id() + "' FOR UPDATE");
            CompletableFuture<UnitOutcome> unit = chained.unitOfWork(ATTEMPT)
                    .consume(code.code())
                    .insert(rows.auditLog())
                    .commit(RayId.random());
            awaitSomebodyWaits();
            wire.cut();
            other.rollback();

            assertThat(unit.get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
            assertThat(TestServer.ask("SELECT count(*) FROM " + schema + ".oauth_audit_log"))
                    .isEqualTo("2");
        }
    }

    @Test
    void whatFindsNoRoomFailsAtOnceAndWhatWaitsTooLongInTime() throws Exception {
        OAuthClient client = rows.storedClient();
        AuthorizationCode code = rows.storedCode();
        try (Storage narrow = PostgresqlStorage.builder(
                        TestServer.location(wire.port(), schema) + "&call_timeout=1&connect_timeout=1")
                .connections(1)
                .maxWaitingCalls(WAITING)
                .open()) {
            CompletableFuture<?> first = narrow.accessTokens().insert(rows.accessToken(client), RayId.random());
            first.get(10, TimeUnit.SECONDS);
            wire.stall();
            int before = wire.transactions();
            CompletableFuture<?> underWay = narrow.unitOfWork(ATTEMPT)
                    .consume(code.code())
                    .insert(rows.auditLog())
                    .commit(RayId.random());
            Eventually.holds("the unit is under way", () -> wire.transactions() > before);

            List<CompletableFuture<?>> waiting = new ArrayList<>();
            for (int i = 0; i < WAITING; i++) {
                waiting.add(narrow.accessTokens().insert(rows.accessToken(client), RayId.random()));
            }
            CompletableFuture<?> tooMany = narrow.accessTokens().insert(rows.accessToken(client), RayId.random());
            assertThat(tooMany).as("answered at once").isDone();
            assertThat(failure(tooMany))
                    .hasMessageContaining("too many calls are waiting (3)")
                    .matches(failed -> !failed.outcomeUnknown(), "is known not to be applied");
            for (CompletableFuture<?> call : waiting) {
                assertThat(failure(call))
                        .hasMessageContaining("no connection was free within 1000 ms")
                        .matches(failed -> !failed.outcomeUnknown(), "is known not to be applied");
            }
            assertThat(failure(underWay).outcomeUnknown()).isTrue();

            wire.resume();
            Eventually.holds("writes succeed again", () -> isInserted(narrow, client));
        }
    }

    private boolean isInserted(Storage into, OAuthClient client) throws Exception {
        return !into.accessTokens()
                .insert(rows.accessToken(client), RayId.random())
                .handle((done, failure) -> failure)
                .thenApply(java.util.Optional::ofNullable)
                .get(10, TimeUnit.SECONDS)
                .isPresent();
    }

    private static CompletableFuture<ConsumeOutcome<AuthorizationCode>> consume(Storage by, AuthorizationCode code) {
        return by.authorizationCodes().consume(code.code(), ATTEMPT, RayId.random());
    }

    private static StorageUnavailableException failure(CompletableFuture<?> call) throws Exception {
        Throwable failure = call.handle((done, failed) -> failed).get(10, TimeUnit.SECONDS);
        assertThat(failure).isInstanceOf(StorageUnavailableException.class);
        return (StorageUnavailableException) failure;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = other.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitSomebodyWaits() throws Exception {
        String blocked;
        try (Statement statement = other.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            blocked = "SELECT count(*) FROM pg_stat_activity WHERE " + rows.getInt(1) + " = ANY(pg_blocking_pids(pid))";
        }
        Eventually.holds("somebody waits for the lock", () -> !"0".equals(TestServer.ask(blocked)));
    }
}
