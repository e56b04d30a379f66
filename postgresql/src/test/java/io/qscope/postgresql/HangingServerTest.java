package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuditLog;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that keeps its connections and says nothing any more, as a host does that lost its network. */
@Timeout(120)
class HangingServerTest {

    private static final Attempt ATTEMPT = new Attempt("attempt-1", Rows.NOW, "test");

    private Wire wire;
    private Storage storage;
    private Rows rows;
    private OAuthClient client;
    private AuthorizationCode code;
    private AuditLog entry;

    @BeforeEach
    void open() throws Exception {
        wire = new Wire(TestServer.port());
        String schema = TestServer.newSchema();
        try (Storage patient = Storage.open(TestServer.location(schema))) {
            rows = new Rows(patient, new Random());
            client = rows.storedClient();
            code = rows.storedCode();
            entry = rows.auditLog();
        }
        storage = Storage.open(TestServer.location(wire.port(), schema) + "&call_timeout=1&connect_timeout=1");
    }

    @AfterEach
    void close() throws Exception {
        wire.resume();
        storage.close();
        wire.close();
    }

    private CompletableFuture<UnitOutcome> redeem() {
        return storage.unitOfWork(ATTEMPT).consume(code.code()).insert(entry).commit(RayId.random());
    }

    private CompletableFuture<?> read() {
        return storage.authorizationCodes().getByCode(code.code(), RayId.random());
    }

    private static Optional<StorageUnavailableException> failure(CompletableFuture<?> call) throws Exception {
        Throwable failure = call.handle((done, failed) -> failed).get(10, TimeUnit.SECONDS);
        return Optional.ofNullable((StorageUnavailableException) failure);
    }

    @Test
    void whatIsUnderWayEndsInTimeAndTheStorageRecovers() throws Exception {
        read().get(10, TimeUnit.SECONDS);
        storage.accessTokens().insert(rows.accessToken(client), RayId.random()).get(10, TimeUnit.SECONDS);
        int before = wire.transactions();
        wire.stall();
        long asked = System.nanoTime();
        CompletableFuture<UnitOutcome> write = redeem();
        CompletableFuture<?> read = read();
        Eventually.holds("the unit is under way", () -> wire.transactions() > before);

        assertThat(failure(write))
                .hasValueSatisfying(
                        failed -> assertThat(failed.outcomeUnknown()).isTrue());
        assertThat(failure(read))
                .hasValueSatisfying(
                        failed -> assertThat(failed.outcomeUnknown()).isFalse());
        // A second, a second more, and what a busy machine adds.
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked)).isBetween(2_000L, 5_000L);

        wire.resume();
        Eventually.holds("reads succeed again", () -> failure(read()).isEmpty());
        Eventually.holds("writes succeed again", () -> failure(redeem()).isEmpty());
        assertThat(redeem().get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
    }

    /** The connection is let in, and nothing comes after that. */
    @Test
    void aConnectionThatIsLetInAndLeftHangingIsGivenUp() throws Exception {
        wire.stallAfterAdmission();
        assertThat(failure(read()))
                .hasValueSatisfying(failed ->
                        assertThat(failed).hasMessageMatching(".*(could not be reached|let no connection in).*"));

        wire.pass();
        Eventually.holds("reads succeed again", () -> failure(read()).isEmpty());
    }
}
