package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.EveryCall;
import io.qscope.tck.Rows;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through a real PgBouncer in transaction mode, which has fewer connections to the server than the storage has to it. */
@Tag("long")
@Timeout(120)
class PgBouncerTest {

    private static final Attempt ATTEMPT = new Attempt("attempt-1", Rows.NOW, "test");

    private static final int RACERS = 8;

    /** Enough to find all connections busy whenever something breaks. */
    private static final int CALLS = 200;

    private PgBouncer pooler;
    private String schema;
    private Storage storage;
    private Rows rows;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(PgBouncer.isInstalled(), PgBouncer.NEEDED);
        pooler = PgBouncer.started(TestServer.port());
        schema = TestServer.newSchema();
        storage = opened(pooler.port(), "");
        rows = new Rows(storage, new Random());
    }

    @AfterEach
    void close() throws Exception {
        // None of them is there when the assumption does not hold.
        if (storage != null) {
            storage.close();
        }
        if (pooler != null) {
            pooler.close();
        }
    }

    private Storage opened(int port, String options) {
        return PostgresqlStorage.builder(TestServer.location(port, schema) + "&pgbouncer=true" + options)
                .keys(KeyRing.of(Key.generate("test")))
                .open();
    }

    private record Redemption(AuthorizationCode code, AuditLog entry) {}

    private Redemption redemption() {
        return new Redemption(rows.storedCode(), rows.auditLog());
    }

    private static CompletableFuture<UnitOutcome> commit(Storage by, Redemption redemption, Attempt attempt) {
        return by.unitOfWork(attempt)
                .consume(redemption.code().code())
                .insert(redemption.entry())
                .commit(RayId.random());
    }

    private UnitOutcome commit(Redemption redemption) throws Exception {
        return commit(storage, redemption, ATTEMPT).get(10, TimeUnit.SECONDS);
    }

    private static Optional<StorageUnavailableException> failure(CompletableFuture<?> call) throws Exception {
        Throwable failure = call.handle((done, failed) -> failed).get(40, TimeUnit.SECONDS);
        return Optional.ofNullable((StorageUnavailableException) failure);
    }

    @Test
    void everyCallWorks() {
        EveryCall.on(storage);
    }

    @Test
    void aUnitWinsLosesAndIsRecognisedWhenRepeated() throws Exception {
        Redemption redemption = redemption();
        assertThat(commit(redemption)).isInstanceOf(UnitOutcome.Committed.class);
        assertThat(commit(redemption)).isInstanceOf(UnitOutcome.Committed.class);

        Redemption late = new Redemption(redemption.code(), rows.auditLog());
        assertThat(commit(storage, late, new Attempt("attempt-2", Rows.NOW, "test"))
                        .get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        UnitOutcome.Refused.class,
                        refused -> assertThat(refused.outcome()).isInstanceOf(ConsumeOutcome.AlreadyConsumed.class));
        assertThat(storage.auditLog().getById(late.entry().id(), RayId.random()).get(10, TimeUnit.SECONDS))
                .isEmpty();
    }

    /** The pooler's answers are held back until the COMMIT was sent. */
    @Test
    void aUnitIsOneExchangeOnceItsStatementsAreKnown() throws Exception {
        try (Wire wire = new Wire(pooler.port());
                Storage one = opened(wire.port(), "&connections=1&readers=1")) {
            // The first opens the chain of the audit log a statement at a time, and the second asks what statements are
            // like.
            commit(one, redemption(), ATTEMPT).get(10, TimeUnit.SECONDS);
            commit(one, redemption(), ATTEMPT).get(10, TimeUnit.SECONDS);
            Redemption redemption = redemption();

            wire.next(Wire.Fate.NO_ANSWER_BEFORE_COMMIT);
            assertThat(commit(one, redemption, ATTEMPT).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(UnitOutcome.Committed.class);
            AuthorizationCode alone = rows.storedCode();
            wire.next(Wire.Fate.NO_ANSWER_BEFORE_COMMIT);
            assertThat(consume(one, alone).get(10, TimeUnit.SECONDS).won()).isTrue();
        }
    }

    private static CompletableFuture<ConsumeOutcome<AuthorizationCode>> consume(Storage by, AuthorizationCode code) {
        return by.authorizationCodes().consume(code.code(), ATTEMPT, RayId.random());
    }

    @Test
    void oneOfManyRacersWins() throws Exception {
        for (int round = 0; round < 16; round++) {
            Redemption redemption = redemption();
            List<CompletableFuture<UnitOutcome>> racers = new ArrayList<>();
            for (int racer = 0; racer < RACERS; racer++) {
                Redemption own = new Redemption(redemption.code(), rows.auditLog());
                racers.add(commit(storage, own, new Attempt("racer-" + racer, Rows.NOW, "test")));
            }
            int winners = 0;
            for (CompletableFuture<UnitOutcome> racer : racers) {
                winners += racer.get(10, TimeUnit.SECONDS).committed() ? 1 : 0;
            }
            assertThat(winners).as("winners of round %s", round).isEqualTo(1);
        }
    }

    /** Reads go out without waiting for each other, and the pooler spreads them over what it has. */
    @Test
    void manyReadsAreUnderWayAtOnce() throws Exception {
        AuthorizationCode code = rows.storedCode();
        List<CompletableFuture<Optional<AuthorizationCode>>> reads = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            reads.add(storage.authorizationCodes().getByCode(code.code(), RayId.random()));
        }
        for (CompletableFuture<Optional<AuthorizationCode>> read : reads) {
            assertThat(read.get(20, TimeUnit.SECONDS)).contains(code);
        }
    }

    /** Others leave what they please in the sessions that are shared. */
    @Test
    void theSchemaIsTheOneThatWasNamedWhateverOthersLeaveBehind() throws Exception {
        String decoy = TestServer.newSchema();
        List<Connection> others = new ArrayList<>();
        try {
            for (int i = 0; i < PgBouncer.SERVER_CONNECTIONS; i++) {
                others.add(throughPooler(pooler.port()));
                others.get(i).setAutoCommit(false);
                execute(others.get(i), "SET search_path = " + decoy);
            }
            for (Connection other : others) {
                other.commit();
            }
        } finally {
            for (Connection other : others) {
                other.close();
            }
        }
        Redemption redemption = redemption();
        commit(redemption);
        assertThat(storage.authorizationCodes()
                        .getByCode(redemption.code().code(), RayId.random())
                        .get(10, TimeUnit.SECONDS))
                .isPresent();
        assertThat(TestServer.ask("SELECT count(*) FROM " + schema + ".oauth_authorization_codes"))
                .isEqualTo("1");
        assertThat(TestServer.ask("SELECT count(*) FROM " + decoy + ".oauth_authorization_codes"))
                .isEqualTo("0");
    }

    private static Connection throughPooler(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&sslmode=disable&prepareThreshold=0");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Neither the role nor the server has a time-out set. */
    @Test
    void theServerCancelsWhatTakesTooLongAndNothingOfThatStaysBehind() throws Exception {
        AuthorizationCode code = rows.storedCode();
        Redemption redemption = redemption();
        try (Storage hasty = opened(pooler.port(), "&call_timeout=2");
                Connection other = TestServer.connect()) {
            other.setAutoCommit(false);
            execute(other, "SELECT 1 FROM " + schema + ".oauth_authorization_codes FOR UPDATE");
            for (CompletableFuture<?> held : List.of(consume(hasty, code), commit(hasty, redemption, ATTEMPT))) {
                assertThat(failure(held))
                        .hasValueSatisfying(failed -> assertThat(failed)
                                .hasMessageContaining("57014")
                                .matches(known -> !known.outcomeUnknown(), "is known not to be applied"));
            }
            other.rollback();
            assertThat(consume(hasty, code).get(10, TimeUnit.SECONDS).won()).isTrue();
        }
        for (int i = 0; i < 2 * PgBouncer.SERVER_CONNECTIONS; i++) {
            try (Connection other = throughPooler(pooler.port());
                    Statement statement = other.createStatement();
                    var shown = statement.executeQuery("SHOW statement_timeout")) {
                shown.next();
                assertThat(shown.getString(1)).isEqualTo("0");
            }
        }
    }

    @Test
    void whoeverForgetsToSayThatThereIsAPoolerIsToldSo() {
        assertThatThrownBy(() -> Storage.open(TestServer.location(pooler.port(), schema)))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("pgbouncer=true");
    }

    @Test
    void whomThePoolerRefusesIsToldWhereToLook() {
        String stranger = TestServer.location(pooler.port(), schema).replace("postgres@", "stranger@");

        assertThatThrownBy(() -> Storage.open(stranger + "&pgbouncer=true"))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("user");
    }

    /** It is full when the storage wants to write. */
    @Test
    void aPoolerThatLetsNobodyInIsNamedInTheFailure() throws Exception {
        try (PgBouncer full = PgBouncer.started(TestServer.port(), "max_client_conn = 2");
                Storage late = opened(full.port(), "&call_timeout=1&connections=1");
                Connection first = throughPooler(full.port());
                Connection second = throughPooler(full.port())) {
            assertThat(first.isValid(1) && second.isValid(1)).isTrue();
            assertThat(failure(late.accessTokens().insert(rows.accessToken(rows.storedClient()), RayId.random())))
                    .hasValueSatisfying(failed -> assertThat(failed)
                            .hasMessageContaining("a pooler")
                            .matches(known -> !known.outcomeUnknown(), "is known not to be applied"));
        }
    }

    @Test
    void aMigrationIsRefusedAndSentToTheServer() throws Exception {
        String location = TestServer.location(pooler.port(), "never_made") + "&pgbouncer=true";
        for (ThrowingCallable migrating : List.<ThrowingCallable>of(
                () -> Storage.runMigrations(location),
                () -> Storage.pendingMigrations(location),
                () -> PostgresqlStorage.builder(location).migrating(true).open())) {
            assertThatThrownBy(migrating)
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("the server's own host and port");
        }
        assertThat(TestServer.ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'never_made'"))
                .isEqualTo("0");
    }

    @Test
    void whereNothingIsToBeMigratedNobodyIsRefused() throws Exception {
        String location = TestServer.location(pooler.port(), schema) + "&pgbouncer=true";

        assertThat(Storage.pendingMigrations(location)).isEmpty();
        assertThat(Storage.runMigrations(location).applied()).isZero();
        PostgresqlStorage.builder(location).migrating(true).open().close();
    }

    @Test
    void callsOutliveThePooler() throws Exception {
        try (Storage patient = opened(pooler.port(), "&call_timeout=30")) {
            assertWritesAreKnownInTheEnd(patient, TestServer::connect, () -> {
                pooler.kill();
                pooler.start();
            });
        }
    }

    /** Its own connections are told, and the pooler finds them ended. */
    @ParameterizedTest
    @ValueSource(strings = {"fast", "immediate"})
    void callsOutliveTheServerBehindThePooler(String mode) throws Exception {
        try (OwnServer server = OwnServer.started();
                PgBouncer before = PgBouncer.started(server.port())) {
            PostgresqlStorage.builder(TestServer.location(server.port(), schema))
                    .migrating(true)
                    .open()
                    .close();
            try (Storage through = opened(before.port(), "&call_timeout=30")) {
                assertWritesAreKnownInTheEnd(through, server::connect, () -> {
                    server.stop(mode);
                    server.start();
                });
            }
        }
    }

    private interface Fault {
        void happens() throws Exception;
    }

    private interface Server {
        Connection connect() throws SQLException;
    }

    /** A write that is under way for certain, waiting for a row, when the fault happens. */
    private CompletableFuture<?> heldUp(Storage storage, AuthorizationCode code, Server server, Connection holder)
            throws Exception {
        holder.setAutoCommit(false);
        execute(
                holder,
                "SELECT 1 FROM " + schema + ".oauth_authorization_codes WHERE id = '" + code.id() + "' FOR UPDATE");
        CompletableFuture<?> held = consume(storage, code);
        try (Connection looking = server.connect();
                Statement statement = looking.createStatement()) {
            Eventually.holds("a write waits for the row", () -> {
                try (var waiting = statement.executeQuery(
                        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%" + schema
                                + "%'")) {
                    return waiting.next();
                }
            });
        }
        return held;
    }

    /** Nothing is in doubt for good, or applied twice. */
    private void assertWritesAreKnownInTheEnd(Storage storage, Server server, Fault fault) throws Exception {
        Rows rows = new Rows(storage, new Random());
        AuthorizationCode heldCode = rows.storedCode();
        List<Redemption> redemptions = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            redemptions.add(new Redemption(rows.storedCode(), rows.auditLog()));
        }
        List<CompletableFuture<?>> reads = new ArrayList<>();
        List<CompletableFuture<UnitOutcome>> writes = new ArrayList<>();
        for (Redemption redemption : redemptions) {
            writes.add(commit(storage, redemption, ATTEMPT));
            reads.add(storage.authorizationCodes().getByCode(redemption.code().code(), RayId.random()));
        }
        // By then all connections are there.
        writes.get(CALLS / 4).get(30, TimeUnit.SECONDS);
        CompletableFuture<?> held;
        try (Connection holder = server.connect()) {
            held = heldUp(storage, heldCode, server, holder);
            fault.happens();
        }
        // A server that is stopped may end whoever holds the row first, and the write may then just come through.
        failure(held)
                .ifPresent(why ->
                        assertThat(why.outcomeUnknown()).as(why.getMessage()).isTrue());
        assertThat(consume(storage, heldCode).get(30, TimeUnit.SECONDS).won()).isTrue();

        for (CompletableFuture<?> read : reads) {
            assertThat((Optional<?>) read.get(40, TimeUnit.SECONDS)).isPresent();
        }
        int unknown = 0;
        for (CompletableFuture<UnitOutcome> write : writes) {
            Optional<StorageUnavailableException> failed = failure(write);
            failed.ifPresent(
                    why -> assertThat(why.outcomeUnknown()).as(why.getMessage()).isTrue());
            unknown += failed.isPresent() ? 1 : 0;
        }
        for (Redemption redemption : redemptions) {
            assertThat(commit(storage, redemption, ATTEMPT).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(UnitOutcome.Committed.class);
        }
        assertThat(storage.rowCounts(RayId.random()).get(10, TimeUnit.SECONDS).get(TableName.AUTHORIZATION_CODES))
                .isEqualTo(CALLS + 1);
        System.out.println("of " + CALLS + " writes " + unknown + " were unknown, and all are applied once");
    }
}
