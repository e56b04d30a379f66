package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A unit of work goes to the server as one exchange, and what a broken connection leaves open is told and can be resolved. */
@Tag("long")
@Timeout(60)
class OneExchangeTest {

    private static final Attempt ATTEMPT = new Attempt("attempt-1", Rows.NOW, "test");

    private String schema;
    private Wire wire;
    private Storage storage;
    private Rows rows;

    @BeforeEach
    void open() throws Exception {
        wire = new Wire(TestServer.port());
        schema = TestServer.newSchema();
        storage = PostgresqlStorage.builder(TestServer.location(wire.port(), schema))
                .connections(1)
                .readers(1)
                .keys(KeyRing.of(Key.generate("test")))
                .open();
        rows = new Rows(storage, new Random(1));
    }

    @AfterEach
    void close() throws Exception {
        storage.close();
        wire.close();
    }

    /** A code redeemed as a token endpoint does it: two guards' worth of locks, three rows, an entry of the audit log. */
    private record Redemption(AuthorizationCode code, AccessToken access, RefreshToken refresh, AuditLog entry) {}

    private Redemption redemption() {
        AuthorizationCode code = rows.storedCode();
        var root = storage.authorizations()
                .getById(code.authorizationId(), RayId.random())
                .join()
                .orElseThrow();
        return new Redemption(code, rows.accessToken(root), rows.refreshToken(root), rows.auditLog());
    }

    private CompletableFuture<UnitOutcome> commit(Redemption redemption) {
        return storage.unitOfWork(ATTEMPT)
                .consume(redemption.code().code())
                .insert(redemption.access())
                .insert(redemption.refresh())
                .insert(redemption.entry())
                .commit(RayId.random());
    }

    /** Statements are prepared, and the chain of the audit log is opened, by whoever comes first. */
    private void warmUp() throws Exception {
        assertThat(commit(redemption()).get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
    }

    @Test
    void aUnitIsSentWholeBeforeItsFirstAnswerComes() throws Exception {
        warmUp();
        // The first one opened the chain a statement at a time; this one prepares what a unit is sent as.
        warmUp();
        Redemption redemption = redemption();
        int before = wire.transactions();

        wire.next(Wire.Fate.NO_ANSWER_BEFORE_COMMIT);
        UnitOutcome outcome = commit(redemption).get(10, TimeUnit.SECONDS);

        assertThat(outcome).isInstanceOf(UnitOutcome.Committed.class);
        assertThat(wire.transactions() - before).isEqualTo(1);
        assertThat(storage.accessTokens()
                        .getById(redemption.access().id(), RayId.random())
                        .get(10, TimeUnit.SECONDS))
                .isPresent();
    }

    /** Else the test above would prove nothing. */
    @Test
    void whatWaitsForAnAnswerHangsOnThisWire() throws Exception {
        wire.next(Wire.Fate.NO_ANSWER_BEFORE_COMMIT);
        CompletableFuture<UnitOutcome> opensTheChain = commit(redemption());

        assertThat(opensTheChain)
                .failsWithin(1, TimeUnit.SECONDS)
                .withThrowableThat()
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aUnitThatLosesIsUndoneInTheSameExchange() throws Exception {
        warmUp();
        warmUp();
        Redemption redemption = redemption();
        storage.authorizationCodes()
                .consume(redemption.code().code(), new Attempt("other", Rows.NOW, "test"), RayId.random())
                .get(10, TimeUnit.SECONDS);
        int transactions = wire.transactions();
        int commits = wire.commits();

        wire.next(Wire.Fate.NO_ANSWER_BEFORE_COMMIT);
        UnitOutcome outcome = commit(redemption).get(10, TimeUnit.SECONDS);

        assertThat(wire.transactions() - transactions)
                .as("sent whole, which undoes it, and talked through to learn why")
                .isEqualTo(2);
        assertThat(wire.commits() - commits)
                .as("that of the whole, which the server turns into a ROLLBACK")
                .isEqualTo(1);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        UnitOutcome.Refused.class,
                        refused -> assertThat(refused.outcome()).isInstanceOf(ConsumeOutcome.AlreadyConsumed.class));
        assertThat(storage.accessTokens()
                        .getById(redemption.access().id(), RayId.random())
                        .get(10, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void aCommitThatTheServerNeverSawIsUnknownAndWinsWhenRepeated() throws Exception {
        warmUp();
        Redemption redemption = redemption();

        wire.next(Wire.Fate.CUT_BEFORE_COMMIT);
        assertThatOutcomeIsUnknown(commit(redemption));

        assertThat(commit(redemption).get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
        assertStoredOnce(redemption);
    }

    @Test
    void aCommitWhoseAnswerWasLostIsUnknownAndRecognisedWhenRepeated() throws Exception {
        warmUp();
        Redemption redemption = redemption();

        wire.next(Wire.Fate.CUT_AFTER_COMMIT);
        assertThatOutcomeIsUnknown(commit(redemption));
        assertStoredOnce(redemption);

        assertThat(commit(redemption).get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
        assertStoredOnce(redemption);
    }

    /** Both its guard, which would have won, and what stands behind it: each was sent, and would be committed on its own. */
    @Test
    void nothingOfAUnitIsAppliedWhoseBeginFails() throws Exception {
        warmUp();
        warmUp();
        Redemption redemption = redemption();
        RefreshToken other = rows.storedRefreshToken();

        wire.next(Wire.Fate.BEGIN_FAILS);
        CompletableFuture<UnitOutcome> commit = storage.unitOfWork(ATTEMPT)
                .consume(redemption.code().code())
                .insert(redemption.access())
                .insert(redemption.entry())
                .revokeAuthorization(other.authorizationId())
                .commit(RayId.random());

        assertThat(commit)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        e -> assertThat(e).hasMessageContaining("42601").matches(not -> !not.outcomeUnknown()));
        assertNotStored(redemption);
        assertThat(storage.authorizations()
                        .getById(other.authorizationId(), RayId.random())
                        .get(10, TimeUnit.SECONDS))
                .hasValueSatisfying(root -> assertThat(root.revokedAt()).isNull());
        assertThat(commit(redemption).get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
    }

    /** What marks a transaction that was begun is not what somebody has set for all transactions. */
    @ParameterizedTest
    @ValueSource(strings = {"", "&pgbouncer=true"})
    void nothingOfAUnitIsAppliedWhoseBeginFailsWhateverTheDefaultsAre(String options) throws Exception {
        String role = schema.replace('s', 'r');
        TestServer.run("CREATE ROLE " + role + " LOGIN SUPERUSER;" + "ALTER ROLE " + role
                + " SET default_transaction_deferrable = on");
        String location = TestServer.location(wire.port(), schema).replace("postgres@", role + "@") + options;
        try (Storage deferring = PostgresqlStorage.builder(location)
                .connections(1)
                .readers(1)
                .keys(KeyRing.of(Key.generate("test")))
                .open()) {
            storage.close();
            storage = deferring;
            rows = new Rows(storage, new Random(2));
            warmUp();
            warmUp();
            Redemption redemption = redemption();

            wire.next(Wire.Fate.BEGIN_FAILS);
            assertThat(commit(redemption)).failsWithin(10, TimeUnit.SECONDS);

            assertNotStored(redemption);
            assertThat(ask("SELECT version FROM %s.oauth_authorization_codes WHERE id = '"
                            + redemption.code().id() + "'"))
                    .isEqualTo("1");
            assertThat(commit(redemption).get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
        } finally {
            TestServer.run("DROP ROLE " + role);
        }
    }

    /** Its guard loses, which by itself would keep nothing from being applied that is not in its transaction. */
    @Test
    void nothingOfALosingUnitIsAppliedWhoseBeginFails() throws Exception {
        warmUp();
        warmUp();
        Redemption redemption = redemption();
        storage.authorizationCodes()
                .consume(redemption.code().code(), new Attempt("other", Rows.NOW, "test"), RayId.random())
                .get(10, TimeUnit.SECONDS);

        wire.next(Wire.Fate.BEGIN_FAILS);
        assertThat(commit(redemption)).failsWithin(10, TimeUnit.SECONDS);

        assertNotStored(redemption);
    }

    private void assertNotStored(Redemption redemption) throws Exception {
        assertThat(storage.accessTokens()
                        .getById(redemption.access().id(), RayId.random())
                        .get(10, TimeUnit.SECONDS))
                .isEmpty();
        assertThat(storage.auditLog()
                        .getById(redemption.entry().id(), RayId.random())
                        .get(10, TimeUnit.SECONDS))
                .isEmpty();
    }

    /** Its word is not the server's, which goes on with what it was sent. */
    @ParameterizedTest
    @ValueSource(strings = {"57P02", "57P03", "57P04", "08006", "08P01"})
    void aUnitWhosePoolerFailsIsUnknownAndRecognisedWhenRepeated(String sqlState) throws Exception {
        warmUp();
        warmUp();
        Redemption redemption = redemption();

        wire.poolerSays(sqlState);
        wire.next(Wire.Fate.POOLER_FAILS);
        assertThatOutcomeIsUnknown(commit(redemption));
        assertStoredOnce(redemption);

        assertThat(commit(redemption).get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
        assertStoredOnce(redemption);
    }

    @Test
    void aReadWhoseConnectionBreaksIsAskedAgain() throws Exception {
        AuthorizationCode code = rows.storedCode();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<?> read = storage.authorizationCodes().getByCode(code.code(), RayId.random());
            wire.cut();
            assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(java.util.Optional.of(code));
        }
    }

    private static void assertThatOutcomeIsUnknown(CompletableFuture<?> call) {
        assertThat(call)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        e -> assertThat(e.outcomeUnknown()).isTrue());
    }

    /** What was applied twice would have a row more, or a version. */
    private void assertStoredOnce(Redemption redemption) throws Exception {
        String root = "'" + redemption.code().authorizationId() + "'";
        assertThat(ask("SELECT string_agg(id, ',') FROM %s.oauth_access_tokens WHERE authorization_id = " + root))
                .isEqualTo(redemption.access().id());
        assertThat(ask("SELECT string_agg(id, ',') FROM %s.oauth_refresh_tokens WHERE authorization_id = " + root))
                .isEqualTo(redemption.refresh().id());
        assertThat(ask("SELECT string_agg(version || ' ' || consumed_attempt, ',') FROM %s.oauth_authorization_codes"
                        + " WHERE authorization_id = " + root))
                .isEqualTo("2 " + ATTEMPT.id());
        assertThat(ask("SELECT count(*) FROM %s.oauth_audit_log WHERE ray_id = '"
                        + redemption.entry().rayId().value() + "' AND event_type = '"
                        + redemption.entry().eventType() + "'"))
                .isEqualTo("1");
    }

    private @Nullable String ask(String query) throws Exception {
        return TestServer.ask(query.formatted(schema));
    }
}
