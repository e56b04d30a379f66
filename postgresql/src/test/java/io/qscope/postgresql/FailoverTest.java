package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The primary is killed, again and again, while another process writes, and each time its synchronous replica takes its place:
 * nothing that was acknowledged is lost, nothing is half there, and each code has one winner.
 */
@Tag("long")
class FailoverTest {

    private static final String SCHEMA = "failover";

    private final KeyRing keys = KeyRing.of(Key.generate("failover"));

    /** So that a kill finds the client at work, at a moment that nobody knows. */
    private static final int MOST_WRITES_BETWEEN = 600;

    /** More than can have been on their way when the primary was killed. */
    private static final int PROGRESS = 100;

    @Test
    void nothingAcknowledgedIsLost(@TempDir Path directory) throws Exception {
        int kills = Integer.getInteger("qscope.postgresql.kills", 3);
        Random random = new Random();
        try (Cluster cluster = Cluster.started()) {
            String location = cluster.location(SCHEMA);
            prepare(location);
            FailoverRecord record;
            try (FailoverProcess client = FailoverProcess.started(location + "&call_timeout=3", keys, directory)) {
                for (int kill = 0; kill < kills; kill++) {
                    client.awaitFurther(1 + random.nextInt(MOST_WRITES_BETWEEN));
                    cluster.failOver();
                    client.awaitFurther(PROGRESS);
                }
                record = FailoverRecord.of(client.finished());
            }

            record.assertStored(cluster.primary());
            assertAuditLogIsIntact(location, record);
            System.out.println(kills + " kills: " + record.summary());
        }
    }

    private static void prepare(String location) {
        try (Storage storage =
                PostgresqlStorage.builder(location).migrating(true).open()) {
            assertThat(storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_NODE))
                    .isTrue();
            assertThat(storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER))
                    .isTrue();
            new FailoverWork(storage).prepare();
        }
    }

    private void assertAuditLogIsIntact(String location, FailoverRecord record) throws Exception {
        try (Storage storage = Storage.open(location)) {
            var report = AuditVerification.of(storage, () -> keys)
                    .run(RayId.random())
                    .get(1, TimeUnit.MINUTES);
            assertThat(report.findings()).isEmpty();
            assertThat(report.entries()).isGreaterThanOrEqualTo(record.units());
        }
    }
}
