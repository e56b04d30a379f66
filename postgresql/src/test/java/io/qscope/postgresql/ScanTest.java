package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.store.TableName;
import io.qscope.tck.Rows;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What reads whole tables holds up nobody else. */
@Timeout(120)
class ScanTest {

    @Test
    void otherReadsDoNotWaitForACountThatTakesLong() throws Exception {
        String schema = TestServer.newSchema();
        try (Storage storage = PostgresqlStorage.builder(TestServer.location(schema) + "&call_timeout=60")
                        .readers(1)
                        .open();
                Connection holder = TestServer.connect();
                Statement statement = holder.createStatement()) {
            AuthorizationCode code = new Rows(storage, new Random()).storedCode();
            holder.setAutoCommit(false);
            // Which is counted, and which none of the other calls touches.
            statement.execute("LOCK TABLE " + schema + ".oauth_throttles IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Map<TableName, Long>> counts = storage.rowCounts(RayId.random());
            Eventually.holds(
                    "the count is held up",
                    () -> !"0"
                            .equals(TestServer.ask("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '"
                                    + schema + ".oauth_throttles'::regclass")));
            CompletableFuture<?> keys = storage.keysInUse(Rows.NOW, RayId.random());

            for (int i = 0; i < 20; i++) {
                assertThat(storage.authorizationCodes()
                                .getByCode(code.code(), RayId.random())
                                .get(10, TimeUnit.SECONDS))
                        .isPresent();
            }
            assertThat(counts).isNotDone();
            holder.rollback();
            assertThat(counts.get(10, TimeUnit.SECONDS)).containsEntry(TableName.AUTHORIZATION_CODES, 1L);
            keys.get(10, TimeUnit.SECONDS);
        }
    }
}
