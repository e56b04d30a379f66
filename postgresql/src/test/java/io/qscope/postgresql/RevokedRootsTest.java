package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Purged;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Purging the refresh tokens of revoked roots, which stay there while it goes on, looks at each root a few times, however many slices
 * it takes: the server counts. {@code -Dqscope.postgresql.revoked=200000} revokes as many.
 */
@Tag("long")
@Timeout(600)
class RevokedRootsTest {

    private static final int ROOTS = Integer.getInteger("qscope.postgresql.revoked", 20_000);

    /** Of one root in the middle, beside its own. */
    private static final int MORE_TOKENS = 2_500;

    private static final String ROLE = "purger_of_revoked";

    /** Half of them revoked one after the other, and half at once. */
    private static final String REVOKED = """
            INSERT INTO oauth_clients
            SELECT 'client', 1, 'client', NULL, NULL, NULL, FALSE, '[]', '[]', '', TRUE, '{}', 0, 'fill', 0, 'fill';
            INSERT INTO oauth_authorizations
            SELECT 'root-' || lpad(i::text, 9, '0'), 1, 'client', 'user-' || i, '', '{}', 1000 + least(i, %1$s / 2), NULL, 0, 'fill', 0,
                   'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_refresh_tokens
            SELECT 'refresh-' || i, 1, sha256(('refresh-' || i)::bytea), NULL, 'client', 'user', 'root-' ||
                   lpad((CASE WHEN i < %1$s THEN i ELSE %1$s / 2 END)::text, 9, '0'), NULL, NULL, 'read', NULL, NULL, NULL, 0, NULL, NULL,
                   '{}', 0, 'fill', 0, 'fill'
              FROM generate_series(0, %1$s + %2$s - 1) i;
            ANALYZE;""".formatted(ROOTS, MORE_TOKENS);

    @Test
    void slicesOfRevokedRootsDoNotBeginAgain() throws Exception {
        String schema = TestServer.newSchema();
        TestServer.run("DROP ROLE IF EXISTS " + ROLE + "; CREATE ROLE " + ROLE + " LOGIN SUPERUSER; SET search_path = "
                + schema + ";" + Filling.living(1_000) + REVOKED);
        String location = TestServer.location(schema).replace("postgres@", ROLE + "@") + "&call_timeout=60";
        long scans = scansOfTokens(schema);
        int tokens = ROOTS + MORE_TOKENS;
        int deleted = 0;
        long began = System.nanoTime();
        try (Storage storage = Storage.open(location)) {
            while (deleted < tokens) {
                // Ends with the last token, before the roots are looked at.
                int limit = Math.min(100_000, tokens - deleted);
                Purged purged = storage.purge(Rows.NOW, limit, Attempt.of(Rows.NOW, "test"), RayId.random())
                        .join();
                assertThat(purged.refreshTokens()).isEqualTo(limit).isEqualTo(purged.total());
                deleted += limit;
            }
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        TestServer.awaitEndOfSessions(ROLE);
        long looks = scansOfTokens(schema) - scans;
        System.out.printf(
                Locale.ROOT,
                "%d refresh tokens of %d revoked roots purged in %d ms, with %.1f index scans a token%n",
                tokens,
                ROOTS,
                millis,
                (double) looks / tokens);
        assertThat(looks).as("index scans of refresh tokens").isBetween((long) ROOTS, 4L * tokens);
    }

    private static long scansOfTokens(String schema) throws Exception {
        return Long.parseLong(
                String.valueOf(TestServer.ask("SELECT idx_scan FROM pg_stat_user_tables WHERE schemaname = '" + schema
                        + "' AND relname = 'oauth_refresh_tokens'")));
    }
}
