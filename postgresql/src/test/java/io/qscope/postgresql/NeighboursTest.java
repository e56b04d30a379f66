package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.ThrottleCount;
import io.qscope.tck.Rows;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call meets, a lock or an error that nobody thought of, is not met by those that travel with it. */
@Tag("long")
@Timeout(120)
class NeighboursTest {

    private static final int CALLS = 100;

    private String schema;
    private Storage storage;
    private Rows rows;

    @BeforeEach
    void open() throws Exception {
        schema = TestServer.newSchema();
        storage = Storage.open(TestServer.location(schema));
        rows = new Rows(storage, new Random());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private static <T> T answer(CompletableFuture<T> call) throws Exception {
        return call.get(20, TimeUnit.SECONDS);
    }

    private static Attempt attempt() {
        return Attempt.of(Rows.NOW, "test");
    }

    /** 54000 is what a server says of a value that is too long for an index, and QS001 only a trigger; it may be any. */
    @ParameterizedTest
    @ValueSource(strings = {"54000", "QS001", "42501", "58030", "XX000"})
    void anErrorOfOneFailsItAlone(String sqlState) throws Exception {
        OAuthClient client = rows.storedClient();
        TestServer.run("CREATE FUNCTION " + schema + ".refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " RAISE EXCEPTION 'no' USING ERRCODE = '" + sqlState + "'; END $$;"
                + " CREATE TRIGGER refuse BEFORE INSERT ON " + schema + ".oauth_access_tokens"
                + " FOR EACH ROW WHEN (NEW.created_by = 'refused') EXECUTE FUNCTION " + schema + ".refuse()");
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        List<CompletableFuture<Void>> refused = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            AccessToken token = rows.accessToken(client);
            calls.add(storage.accessTokens().insert(token, RayId.random()));
            if (i == CALLS / 2) {
                AccessToken other = rows.accessToken(client).toBuilder()
                        .createdBy("refused")
                        .build();
                refused.add(storage.accessTokens().insert(other, RayId.random()));
            }
        }
        for (CompletableFuture<Void> call : calls) {
            answer(call);
        }
        assertThat(refused.get(0).handle((done, failure) -> failure).get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        failed -> assertThat(failed.outcomeUnknown()).isFalse())
                .hasMessageContaining(sqlState);
    }

    /** Whoever guesses at one login makes the counter of it such a row. */
    @ParameterizedTest
    @ValueSource(ints = {1, 128})
    void aRowThatThousandsWantHoldsUpNobodyElse(int maxGroupSize) throws Exception {
        OAuthClient client = rows.storedClient();
        TokenDigest key = rows.digest();
        try (Storage wide =
                Storage.open(TestServer.location(schema) + "&call_timeout=60&max_group_size=" + maxGroupSize)) {
            List<CompletableFuture<ThrottleCount>> counts = new ArrayList<>();
            for (int i = 0; i < 20 * CALLS; i++) {
                counts.add(wide.throttles().count(key, Duration.ofMinutes(1), attempt(), RayId.random()));
            }
            List<CompletableFuture<Void>> others = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                others.add(wide.accessTokens().insert(rows.accessToken(client), RayId.random()));
            }
            for (CompletableFuture<Void> other : others) {
                answer(other);
            }
            assertThat(counts.get(counts.size() - 1)).isNotDone();
            for (int i = 0; i < counts.size(); i++) {
                assertThat(counts.get(i).get(60, TimeUnit.SECONDS).count()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void aRowThatSomebodyHoldsHoldsUpNoneOfItsNeighbours() throws Exception {
        List<AuthorizationCode> codes = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            codes.add(rows.storedCode());
        }
        AuthorizationCode held = codes.get(CALLS / 2);
        try (Connection other = TestServer.connect();
                Statement statement = other.createStatement()) {
            other.setSchema(schema);
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM oauth_authorization_codes WHERE id = '" + held.id() + "' FOR UPDATE");
            List<CompletableFuture<ConsumeOutcome<AuthorizationCode>>> consumed = new ArrayList<>();
            try (Storage wide = Storage.open(TestServer.location(schema))) {
                for (AuthorizationCode code : codes) {
                    consumed.add(wide.authorizationCodes().consume(code.code(), attempt(), RayId.random()));
                }
                for (int i = 0; i < CALLS; i++) {
                    if (!codes.get(i).equals(held)) {
                        assertThat(answer(consumed.get(i)).won()).isTrue();
                    }
                }
                assertThat(consumed.get(CALLS / 2)).isNotDone();
                other.rollback();
                assertThat(answer(consumed.get(CALLS / 2)).won()).isTrue();
            }
        }
    }

    @Test
    void groupsThatCrossAreInNoDeadlock() throws Exception {
        TestServer.run("DROP ROLE IF EXISTS crossing; CREATE ROLE crossing LOGIN SUPERUSER");
        String location = TestServer.location(schema).replace("postgres@", "crossing@");
        long before = deadlocks();
        try (Storage one = Storage.open(location);
                Storage other = Storage.open(location)) {
            for (int round = 0; round < 5; round++) {
                List<AuthorizationCode> codes = new ArrayList<>();
                for (int i = 0; i < CALLS; i++) {
                    codes.add(rows.storedCode());
                }
                List<AuthorizationCode> backwards = new ArrayList<>(codes);
                Collections.reverse(backwards);
                List<CompletableFuture<ConsumeOutcome<AuthorizationCode>>> calls = new ArrayList<>();
                for (int i = 0; i < CALLS; i++) {
                    calls.add(one.authorizationCodes().consume(codes.get(i).code(), attempt(), RayId.random()));
                    calls.add(
                            other.authorizationCodes().consume(backwards.get(i).code(), attempt(), RayId.random()));
                }
                int won = 0;
                for (CompletableFuture<ConsumeOutcome<AuthorizationCode>> call : calls) {
                    won += answer(call).won() ? 1 : 0;
                }
                assertThat(won).isEqualTo(CALLS);
            }
        }
        TestServer.awaitEndOfSessions("crossing");
        assertThat(deadlocks()).isEqualTo(before);
    }

    private static long deadlocks() throws Exception {
        return Long.parseLong(String.valueOf(
                TestServer.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")));
    }
}
