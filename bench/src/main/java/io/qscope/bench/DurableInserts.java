package io.qscope.bench;

import io.qscope.model.AccessToken;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Stores new access tokens, each acknowledged once it is on the disk. Both sides mint their tokens as they go. */
final class DurableInserts {

    private static final String INSERT = """
            INSERT INTO oauth_access_tokens (id, version, token, token_key_id, client_id, user_id, authorization_id,
                   refresh_token_id, scopes, expires_at, revoked_at, metadata, created_at, created_by, updated_at,
                   updated_by)
            VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?)""";

    private DurableInserts() {}

    static InFlight qscope(Storage storage, SampleTokens tokens, int inFlight) {
        return new InFlight(inFlight, () -> storage.accessTokens().insert(tokens.mint(), RayId.random()));
    }

    /** A loop of one prepared statement, each run of which is its own transaction: SQLite has one writer. */
    static Side autocommit(Connection connection, SampleTokens tokens) {
        return until -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                long operations = 0;
                while (System.nanoTime() - until < 0) {
                    bind(insert, tokens.mint());
                    insert.executeUpdate();
                    operations++;
                }
                return operations;
            }
        };
    }

    private static void bind(PreparedStatement insert, AccessToken token) throws SQLException {
        insert.setString(1, token.id());
        insert.setBytes(2, token.token().bytes());
        insert.setString(3, token.token().keyId());
        insert.setString(4, token.clientId());
        insert.setString(5, token.userId());
        insert.setString(6, token.authorizationId());
        insert.setString(7, token.refreshTokenId());
        insert.setString(8, String.join(" ", token.scopes()));
        insert.setLong(9, token.expiresAt().toEpochMilli());
        insert.setString(10, JsonColumns.text(token.metadata()));
        insert.setLong(11, token.createdAt().toEpochMilli());
        insert.setString(12, token.createdBy());
        insert.setLong(13, token.updatedAt().toEpochMilli());
        insert.setString(14, token.updatedBy());
    }
}
