package io.qscope.bench;

import io.qscope.model.AccessToken;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Storage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Finds access tokens by their value, as introspection does. Both sides build the whole record and check that it is live. */
final class TokenLookups {

    private static final String SELECT = """
            SELECT t.id, t.version, t.token, t.token_key_id, t.client_id, t.user_id, t.authorization_id,
                   t.refresh_token_id, t.scopes, t.expires_at, t.revoked_at, t.metadata, r.revoked_at, t.created_at,
                   t.created_by, t.updated_at, t.updated_by
              FROM oauth_access_tokens t LEFT JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.token = ?""";

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:01Z");

    private TokenLookups() {}

    static InFlight qscope(Storage storage, int rows, int inFlight) {
        return new InFlight(
                inFlight,
                () -> storage.accessTokens()
                        .getByToken(TokenDigest.sha256(SampleTokens.presented(rows)), RayId.random())
                        .thenAccept(found -> check(found.orElse(null))));
    }

    /** A loop of one prepared statement a thread, each thread with a connection of its own. */
    static Side statements(List<Connection> connections, int rows) {
        return until -> {
            ExecutorService threads = Executors.newFixedThreadPool(connections.size());
            try {
                List<Future<Long>> loops = new ArrayList<>();
                for (Connection connection : connections) {
                    loops.add(threads.submit(() -> loop(connection, rows, until)));
                }
                long operations = 0;
                for (Future<Long> loop : loops) {
                    operations += loop.get();
                }
                return operations;
            } finally {
                threads.shutdownNow();
            }
        };
    }

    private static long loop(Connection connection, int rows, long until) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            long operations = 0;
            while (System.nanoTime() - until < 0) {
                select.setBytes(
                        1, TokenDigest.sha256(SampleTokens.presented(rows)).bytes());
                try (ResultSet found = select.executeQuery()) {
                    check(found.next() ? token(found) : null);
                }
                operations++;
            }
            return operations;
        }
    }

    private static AccessToken token(ResultSet row) throws SQLException {
        return AccessToken.builder()
                .id(row.getString(1))
                .version(row.getLong(2))
                .token(TokenDigest.of(row.getBytes(3), row.getString(4)))
                .clientId(row.getString(5))
                .userId(row.getString(6))
                .authorizationId(row.getString(7))
                .refreshTokenId(row.getString(8))
                .scopes(new LinkedHashSet<>(Arrays.asList(row.getString(9).split(" ", -1))))
                .expiresAt(Instant.ofEpochMilli(row.getLong(10)))
                .revokedAt(instant(row, 11))
                .metadata(JsonColumns.object(row.getString(12)))
                .authorizationRevokedAt(instant(row, 13))
                .createdAt(Instant.ofEpochMilli(row.getLong(14)))
                .createdBy(row.getString(15))
                .updatedAt(Instant.ofEpochMilli(row.getLong(16)))
                .updatedBy(row.getString(17))
                .build();
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static void check(@Nullable AccessToken found) {
        if (found == null || !found.isLive(NOW)) {
            throw new IllegalStateException("a stored token was not found live");
        }
    }
}
