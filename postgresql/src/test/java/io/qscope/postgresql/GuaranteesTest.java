package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A storage says what the primary and its replicas keep: when it is opened, when it is asked for its health, after a failover. */
@Tag("long")
@Timeout(120)
class GuaranteesTest {

    private Cluster cluster;
    private Storage storage;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.started();
        storage = PostgresqlStorage.builder(cluster.location("qscope") + "&call_timeout=2")
                .migrating(true)
                .open();
    }

    @AfterEach
    void stop() throws Exception {
        storage.close();
        cluster.close();
    }

    private static void health(Storage of) throws Exception {
        of.health(RayId.random()).get(10, TimeUnit.SECONDS);
    }

    private static String reason(Storage of) {
        return of.guarantees().reasonAgainst(Guarantee.DURABLE_BEYOND_NODE).orElse("kept");
    }

    @Test
    void aReplicaThatConfirmsIsToldAndSoIsItsEnd() throws Exception {
        assertThat(storage.guarantees().basis(Guarantee.DURABLE_BEYOND_NODE))
                .hasValueSatisfying(basis -> assertThat(basis)
                        .contains(
                                "synchronous_standby_names='*'",
                                "synchronous_commit=on",
                                "replicas that confirm: 1 of 1"));
        assertThat(storage.guarantees().basis(Guarantee.DURABLE_BEYOND_POWER))
                .hasValueSatisfying(basis -> assertThat(basis).contains("fsync=on", "synchronous_commit=on"));

        cluster.replica().kill();
        Eventually.holds("the replica is missed", () -> {
            health(storage);
            return !storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_NODE);
        });
        assertThat(reason(storage))
                .contains("no replica confirms commits now", "synchronous_standby_names='*'", "synchronous_commit=on")
                .contains("replicas that are connected: 0");
    }

    /** Nobody asks for the health: it is enough that a call is made. */
    @Test
    void aFailoverIsFollowed() throws Exception {
        storage.clients().getById("none", RayId.random()).get(10, TimeUnit.SECONDS);
        assertThat(storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_NODE)).isTrue();
        // A role's settings go with the data, and the storage's connections to the old primary were made before.
        cluster.primary().run("ALTER ROLE postgres SET synchronous_commit = 'remote_apply'");
        cluster.primary().kill();
        cluster.promote();

        Eventually.holds(
                "reads succeed again",
                () -> storage.clients()
                        .getById("none", RayId.random())
                        .handle((found, failed) -> failed == null)
                        .get(10, TimeUnit.SECONDS));
        assertThat(reason(storage))
                .contains("no replica confirms commits now", "synchronous_commit=remote_apply")
                .contains("replicas that are connected: 0");
        assertThat(storage.guarantees().basis(Guarantee.DURABLE_BEYOND_NODE)).isEqualTo(Optional.empty());
    }

    @Test
    void aUserWhoMayNotSeeTheReplicasIsToldWhichGrantIsMissing() throws Exception {
        cluster.primary().run("CREATE ROLE server LOGIN;" + Grants.ofDocument("qscope", "server"));
        String location = cluster.location("qscope").replace("postgres@", "server@");
        try (Storage poor = Storage.open(location)) {
            assertThat(reason(poor))
                    .contains("hidden from the user server", "GRANT pg_read_all_stats", "synchronous_commit=on")
                    .contains("replicas that are connected: 1");
            assertThat(poor.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER)).isTrue();

            cluster.primary().run("GRANT pg_read_all_stats TO server");
            health(poor);
            assertThat(reason(poor)).isEqualTo("kept");
        }
    }
}
