package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AccessToken;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What has no replica's confirmation is not acknowledged, however the wait for it ends; and the roles of the servers change. */
@Tag("long")
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicaTest {

    private static final Attempt ATTEMPT = new Attempt("attempt-1", Rows.NOW, "test");

    private static final String WAITS_FOR_REPLICA = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

    private static Cluster cluster;
    private static int schemas;

    private Storage storage;
    private Rows rows;
    private OAuthClient client;
    private AuthorizationCode code;
    private AuditLog entry;
    private String receiver;
    private boolean receiverIsStopped;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.started();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void open() throws Exception {
        schemas++;
        String location = cluster.location("s" + schemas);
        try (Storage migrating =
                PostgresqlStorage.builder(location).migrating(true).open()) {
            rows = new Rows(migrating, new Random());
            client = rows.storedClient();
            code = rows.storedCode();
            entry = rows.auditLog();
        }
        storage = PostgresqlStorage.builder(location + "&call_timeout=2")
                .keys(KeyRing.of(Key.generate("test")))
                .open();
        receiver = String.valueOf(cluster.replica().ask("SELECT pid FROM pg_stat_wal_receiver"));
    }

    @AfterEach
    void close() throws Exception {
        if (receiverIsStopped) {
            signal("CONT");
        }
        storage.close();
    }

    /** Stops the replica's receiver, or lets it go on. */
    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, receiver).start().waitFor())
                .isZero();
        receiverIsStopped = name.equals("STOP");
    }

    private CompletableFuture<UnitOutcome> redeem() {
        return storage.unitOfWork(ATTEMPT).consume(code.code()).insert(entry).commit(RayId.random());
    }

    private CompletableFuture<?> insert(AccessToken token) {
        return storage.accessTokens().insert(token, RayId.random());
    }

    private static Optional<StorageUnavailableException> failure(CompletableFuture<?> call) throws Exception {
        Throwable failure = call.handle((done, failed) -> failed).get(10, TimeUnit.SECONDS);
        return Optional.ofNullable((StorageUnavailableException) failure);
    }

    private static void assertUnknown(CompletableFuture<?> call) throws Exception {
        assertThat(failure(call))
                .hasValueSatisfying(
                        failed -> assertThat(failed.outcomeUnknown()).isTrue());
    }

    private String waiting() throws Exception {
        Eventually.holds(
                "a commit waits for the replica", () -> cluster.primary().ask(WAITS_FOR_REPLICA) != null);
        return String.valueOf(cluster.primary().ask(WAITS_FOR_REPLICA));
    }

    @Test
    @Order(1)
    void aCommitThatNoReplicaConfirmsIsUnknownAndConfirmedLater() throws Exception {
        signal("STOP");
        CompletableFuture<UnitOutcome> unit = redeem();
        waiting();
        assertUnknown(unit);

        signal("CONT");
        Eventually.holds("the unit is acknowledged", () -> failure(redeem()).isEmpty());
        assertThat(redeem().get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
    }

    /** The server then says that it has committed, with a warning. */
    @Test
    @Order(2)
    void aWaitForTheReplicaThatIsCancelledIsNoAcknowledgement() throws Exception {
        signal("STOP");
        CompletableFuture<UnitOutcome> unit = redeem();
        cluster.primary().run("SELECT pg_cancel_backend(" + waiting() + ")");
        assertUnknown(unit);
        CompletableFuture<?> alone = insert(rows.accessToken(client));
        cluster.primary().run("SELECT pg_cancel_backend(" + waiting() + ")");
        assertUnknown(alone);
    }

    /** Nothing is left to be written, and still it may not be acknowledged yet. */
    @Test
    @Order(3)
    void aRepeatIsAcknowledgedOnlyWhenTheReplicaHasWhatItRepeats() throws Exception {
        signal("STOP");
        CompletableFuture<UnitOutcome> unit = redeem();
        cluster.primary().run("SELECT pg_cancel_backend(" + waiting() + ")");
        assertUnknown(unit);
        assertUnknown(redeem());

        signal("CONT");
        Eventually.holds("the repeat is acknowledged", () -> failure(redeem()).isEmpty());
    }

    @Test
    @Order(4)
    void aPrimaryThatWasSetToBeReadOnlyIsLeftForTheOneThatTookItsPlace() throws Exception {
        AccessToken earlier = rows.accessToken(client);
        insert(earlier).get(10, TimeUnit.SECONDS);
        // A connection that reads is there too, and the old primary goes on answering it.
        assertThat(read(earlier)).isPresent();
        OwnServer old = cluster.primary();
        old.run("ALTER SYSTEM SET default_transaction_read_only = on");
        old.run("SELECT pg_reload_conf()");
        Eventually.holds(
                "no server takes writes",
                () -> failure(insert(rows.accessToken(client)))
                        .filter(failed -> String.valueOf(failed.getMessage()).contains("no server takes writes"))
                        .isPresent());
        cluster.promote();
        // It has no replica yet, and this is not about that.
        cluster.primary().run("SET synchronous_commit = local; ALTER ROLE postgres SET synchronous_commit = local");

        AccessToken token = rows.accessToken(client);
        Eventually.holds(
                "the new primary takes writes", () -> failure(insert(token)).isEmpty());
        assertThat(read(token)).as("read where it was written").isPresent();
        assertThat(cluster.primary()
                        .ask("SELECT count(*) FROM s" + schemas + ".oauth_access_tokens WHERE id = '" + token.id()
                                + "'"))
                .isEqualTo("1");
        assertThat(old.ask("SELECT count(*) FROM s" + schemas + ".oauth_access_tokens WHERE id = '" + token.id() + "'"))
                .isEqualTo("0");
    }

    private Optional<AccessToken> read(AccessToken token) throws Exception {
        return storage.accessTokens().getById(token.id(), RayId.random()).get(10, TimeUnit.SECONDS);
    }
}
