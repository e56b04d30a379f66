package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What no caller lives long enough to see. */
@Timeout(60)
class ThrottlesTest {

    @TempDir
    Path folder;

    @Test
    void counterStopsAtTheLargestNumber() throws SQLException {
        Path file = folder.resolve("throttles.db");
        try (Storage storage = SqliteStorage.open(file)) {
            TokenDigest key = Sqlite.rows(storage).digest();
            assertThat(count(storage, key)).isEqualTo(1);
            try (Connection connection = Sqlite.connect(file)) {
                Sqlite.run(connection, "UPDATE oauth_throttles SET counted = 2147483646");
            }

            assertThat(count(storage, key)).isEqualTo(Integer.MAX_VALUE);
            assertThat(count(storage, key)).isEqualTo(Integer.MAX_VALUE);
            Sqlite.await(storage.throttles().uncount(key, Attempt.of(Rows.NOW, "test"), Sqlite.ray()));
            assertThat(count(storage, key)).isEqualTo(Integer.MAX_VALUE);
        }
    }

    private static int count(Storage storage, TokenDigest key) {
        return Sqlite.await(storage.throttles()
                        .count(key, Duration.ofMinutes(1), Attempt.of(Rows.NOW, "test"), Sqlite.ray()))
                .count();
    }
}
