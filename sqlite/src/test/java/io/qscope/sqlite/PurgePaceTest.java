package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import io.qscope.sql.SqlStorage;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A purge leaves most of a database's time to others. */
class PurgePaceTest {

    private static final int EXPIRED = 4_000;

    @TempDir
    Path folder;

    @Test
    void aPurgeRestsAfterEachPartTwiceAsLongAsThatTook() {
        Recorder recorder =
                new Recorder(SqliteStorage.builder(folder.resolve("pace.db")).start());
        try (Storage storage = new SqlStorage(recorder)) {
            Rows rows = Sqlite.rows(storage);
            OAuthClient client = Sqlite.storedClient(storage);
            List<CompletableFuture<?>> inserts = new ArrayList<>();
            for (int i = 0; i < EXPIRED; i++) {
                inserts.add(storage.accessTokens().insert(rows.accessToken(client), Sqlite.ray()));
            }
            inserts.forEach(Sqlite::await);
            long begun = System.nanoTime();

            int purged = Sqlite.await(storage.purge(
                            Rows.EXPIRY.plusMillis(1), EXPIRED, Attempt.of(Rows.NOW, "test"), Sqlite.ray()))
                    .accessTokens();

            assertThat(purged).isEqualTo(EXPIRED);
            // The last of them may not be noted yet.
            List<Recorder.Span> parts = recorder.spans().stream()
                    .filter(part -> part.sentNanos() - begun > 0)
                    .sorted(Comparator.comparingLong(part -> part.sentNanos() - begun))
                    .toList();
            assertThat(parts).as("slices").hasSizeGreaterThanOrEqualTo(EXPIRED / 1_000);
            for (int i = 1; i < parts.size(); i++) {
                Recorder.Span last = parts.get(i - 1);
                long rested = parts.get(i).sentNanos() - last.sentNanos() - last.nanos();
                // The purge and this test read the clock one after the other, and each may be held up between the two.
                assertThat(rested).as("rest before part " + i).isGreaterThan(last.nanos());
            }
        }
    }
}
