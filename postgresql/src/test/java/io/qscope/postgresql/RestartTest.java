package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuditLog;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server is restarted while calls are under way: reads succeed once it is back, and no write is in doubt for good. */
@Tag("long")
@Timeout(120)
class RestartTest {

    /** Enough to find all connections busy whenever the server stops. */
    private static final int CALLS = 400;

    private static final int GROUP = 16;

    private OwnServer server;
    private Storage storage;
    private Rows rows;

    @BeforeEach
    void open() throws Exception {
        server = OwnServer.started();
        storage = PostgresqlStorage.builder("postgresql://postgres@127.0.0.1:" + server.port()
                        + "/postgres?sslmode=disable&call_timeout=30")
                .maxGroupSize(GROUP)
                .migrating(true)
                .open();
        rows = new Rows(storage, new Random());
    }

    @AfterEach
    void close() throws Exception {
        storage.close();
        server.close();
    }

    private record Redemption(AuthorizationCode code, AuditLog entry) {}

    private CompletableFuture<UnitOutcome> commit(Redemption redemption) {
        AuthorizationCode code = redemption.code();
        return storage.unitOfWork(new Attempt(code.id(), Rows.NOW, "test"))
                .consume(code.code())
                .insert(redemption.entry())
                .commit(RayId.random());
    }

    private CompletableFuture<?> read(Redemption redemption) {
        return storage.authorizationCodes().getByCode(redemption.code().code(), RayId.random());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "immediate"})
    void callsOutliveARestart(String mode) throws Exception {
        List<Redemption> redemptions = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            redemptions.add(new Redemption(rows.storedCode(), rows.auditLog()));
        }
        List<CompletableFuture<?>> reads = new ArrayList<>();
        List<CompletableFuture<UnitOutcome>> writes = new ArrayList<>();
        for (Redemption redemption : redemptions) {
            writes.add(commit(redemption));
            reads.add(read(redemption));
        }
        CompletableFuture.anyOf(writes.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);
        server.stop(mode);
        reads.add(read(redemptions.get(0)));
        server.start();

        for (CompletableFuture<?> read : reads) {
            assertThat((Optional<?>) read.get(40, TimeUnit.SECONDS)).isPresent();
        }
        int unknown = 0;
        for (int i = 0; i < CALLS; i++) {
            Throwable failure = writes.get(i).handle((done, failed) -> failed).get(40, TimeUnit.SECONDS);
            if (failure != null) {
                assertThat(failure)
                        .isInstanceOfSatisfying(
                                StorageUnavailableException.class,
                                failed -> assertThat(failed.outcomeUnknown())
                                        .as(failed.getMessage())
                                        .isTrue());
                unknown++;
            }
            assertThat(commit(redemptions.get(i)).get(30, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
        }
        // One group to a connection, of which there are eight: what was under way, and not what waited.
        assertThat(unknown).isLessThanOrEqualTo(8 * GROUP);
        assertThat(server.ask("SELECT count(*) FROM qscope.oauth_audit_log")).isEqualTo(Integer.toString(CALLS));
        assertThat(server.ask("SELECT count(*) FROM qscope.oauth_authorization_codes WHERE consumed_attempt = id"))
                .isEqualTo(Integer.toString(CALLS));
        System.out.println("restart " + mode + ": " + reads.size() + " reads succeeded; of " + CALLS + " writes "
                + unknown + " were unknown, and all are applied once");
    }
}
