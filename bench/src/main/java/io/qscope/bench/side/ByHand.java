package io.qscope.bench.side;

import io.qscope.bench.data.Codes;
import io.qscope.bench.data.Columns;
import io.qscope.bench.data.Grant;
import io.qscope.bench.data.Queries;
import io.qscope.bench.data.RefreshTokens;
import io.qscope.bench.data.Sample;
import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations by statements on qscope's schema, one after the other, on whatever transaction the connection is in. They build
 * the same records as qscope, with all their checks; audit entries are not chained.
 */
final class ByHand {

    private static final String TOKEN = """
            SELECT t.id, t.version, t.token, t.token_key_id, t.client_id, t.user_id, t.authorization_id,
                   t.refresh_token_id, t.scopes, t.expires_at, t.revoked_at, t.metadata, r.revoked_at, t.created_at,
                   t.created_by, t.updated_at, t.updated_by
              FROM oauth_access_tokens t LEFT JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.token =""";

    private static final String CODE = """
            SELECT t.id, t.version, t.code, t.code_key_id, t.client_id, t.user_id, t.authorization_id, t.redirect_uri,
                   t.scopes, t.code_challenge, t.code_challenge_method, t.expires_at, t.consumed_at, t.metadata,
                   r.revoked_at, t.created_at, t.created_by, t.updated_at, t.updated_by
              FROM oauth_authorization_codes t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.code =""";

    private static final String REFRESH_TOKEN = """
            SELECT t.id, t.version, t.token, t.token_key_id, t.client_id, t.user_id, t.authorization_id,
                   t.predecessor_id, t.scopes, t.expires_at, t.rotated_at, t.grace_uses, t.revoked_at, t.metadata,
                   r.revoked_at, t.created_at, t.created_by, t.updated_at, t.updated_by
              FROM oauth_refresh_tokens t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.token =""";

    private static final String CONSUME = """
            UPDATE oauth_authorization_codes
               SET version = version + 1, consumed_at = ?, consumed_attempt = ?, updated_at = ?, updated_by = ?
             WHERE code = ? AND consumed_at IS NULL AND expires_at > ?
               AND EXISTS (SELECT 1 FROM oauth_authorizations a WHERE a.id = authorization_id AND a.revoked_at IS NULL)""";

    private static final String ROTATE = """
            UPDATE oauth_refresh_tokens
               SET version = version + 1, rotated_at = ?, rotated_attempt = ?, updated_at = ?, updated_by = ?
             WHERE token = ? AND rotated_at IS NULL AND revoked_at IS NULL AND expires_at > ?
               AND EXISTS (SELECT 1 FROM oauth_authorizations a WHERE a.id = authorization_id AND a.revoked_at IS NULL)""";

    private ByHand() {}

    static void lookUp(Statements statements, Sample sample) throws SQLException {
        PreparedStatement select = statements.byKey(TOKEN);
        select.setBytes(1, TokenDigest.sha256(sample.presented()).bytes());
        try (ResultSet found = select.executeQuery()) {
            if (!found.next() || !accessToken(found).isLive(Sample.NOW)) {
                throw new IllegalStateException("a stored token was not found live");
            }
        }
    }

    static void insert(Statements statements, Sample sample) throws SQLException {
        insert(statements, Columns.ACCESS_TOKENS, sample.mint());
    }

    static void redeem(Statements statements, Codes.Waiting code) throws SQLException {
        byte[] digest = TokenDigest.sha256(code.value()).bytes();
        PreparedStatement select = statements.byKey(CODE);
        select.setBytes(1, digest);
        Grant grant;
        try (ResultSet found = select.executeQuery()) {
            requireOne(found.next() ? 1 : 0);
            grant = Grant.redeeming(code(found));
        }
        mark(statements, CONSUME, digest, grant);
        insertAll(statements, grant);
    }

    /** Answers the successor's value. */
    static String refresh(Statements statements, RefreshTokens.Waiting token) throws SQLException {
        byte[] digest = TokenDigest.sha256(token.value()).bytes();
        PreparedStatement select = statements.byKey(REFRESH_TOKEN);
        select.setBytes(1, digest);
        Grant grant;
        try (ResultSet found = select.executeQuery()) {
            requireOne(found.next() ? 1 : 0);
            grant = Grant.refreshing(refreshToken(found));
        }
        mark(statements, ROTATE, digest, grant);
        insertAll(statements, grant);
        return grant.refreshValue();
    }

    private static void mark(Statements statements, String update, byte[] digest, Grant grant) throws SQLException {
        long at = grant.attempt().at().toEpochMilli();
        PreparedStatement marking = statements.of(update);
        Queries.bind(marking, at, grant.attempt().id(), at, grant.attempt().by(), digest, at);
        requireOne(marking.executeUpdate());
    }

    private static void insertAll(Statements statements, Grant grant) throws SQLException {
        insert(statements, Columns.ACCESS_TOKENS, grant.access());
        insert(statements, Columns.REFRESH_TOKENS, grant.refresh());
        insert(statements, Columns.AUDIT_LOG, grant.entry());
    }

    private static <T> void insert(Statements statements, Columns<T> columns, T row) throws SQLException {
        PreparedStatement insert = statements.of(columns.insert());
        Queries.bind(insert, columns.values().apply(row));
        requireOne(insert.executeUpdate());
    }

    private static void requireOne(int rows) {
        if (rows != 1) {
            throw new IllegalStateException("a measured statement met " + rows + " rows instead of one");
        }
    }

    private static AccessToken accessToken(ResultSet row) throws SQLException {
        return AccessToken.builder()
                .id(row.getString(1))
                .version(row.getLong(2))
                .token(Columns.digest(row.getBytes(3), row.getString(4)))
                .clientId(row.getString(5))
                .userId(row.getString(6))
                .authorizationId(row.getString(7))
                .refreshTokenId(row.getString(8))
                .scopes(scopes(row.getString(9)))
                .expiresAt(Instant.ofEpochMilli(row.getLong(10)))
                .revokedAt(instant(row, 11))
                .metadata(Columns.object(row.getString(12)))
                .authorizationRevokedAt(instant(row, 13))
                .createdAt(Instant.ofEpochMilli(row.getLong(14)))
                .createdBy(row.getString(15))
                .updatedAt(Instant.ofEpochMilli(row.getLong(16)))
                .updatedBy(row.getString(17))
                .build();
    }

    private static AuthorizationCode code(ResultSet row) throws SQLException {
        return AuthorizationCode.builder()
                .id(row.getString(1))
                .version(row.getLong(2))
                .code(Columns.digest(row.getBytes(3), row.getString(4)))
                .clientId(row.getString(5))
                .userId(row.getString(6))
                .authorizationId(row.getString(7))
                .redirectUri(row.getString(8))
                .scopes(scopes(row.getString(9)))
                .codeChallenge(row.getString(10))
                .codeChallengeMethod(row.getString(11))
                .expiresAt(Instant.ofEpochMilli(row.getLong(12)))
                .consumedAt(instant(row, 13))
                .metadata(Columns.object(row.getString(14)))
                .authorizationRevokedAt(instant(row, 15))
                .createdAt(Instant.ofEpochMilli(row.getLong(16)))
                .createdBy(row.getString(17))
                .updatedAt(Instant.ofEpochMilli(row.getLong(18)))
                .updatedBy(row.getString(19))
                .build();
    }

    private static RefreshToken refreshToken(ResultSet row) throws SQLException {
        return RefreshToken.builder()
                .id(row.getString(1))
                .version(row.getLong(2))
                .token(Columns.digest(row.getBytes(3), row.getString(4)))
                .clientId(row.getString(5))
                .userId(row.getString(6))
                .authorizationId(row.getString(7))
                .predecessorId(row.getString(8))
                .scopes(scopes(row.getString(9)))
                .expiresAt(instant(row, 10))
                .rotatedAt(instant(row, 11))
                .graceUses(row.getInt(12))
                .revokedAt(instant(row, 13))
                .metadata(Columns.object(row.getString(14)))
                .authorizationRevokedAt(instant(row, 15))
                .createdAt(Instant.ofEpochMilli(row.getLong(16)))
                .createdBy(row.getString(17))
                .updatedAt(Instant.ofEpochMilli(row.getLong(18)))
                .updatedBy(row.getString(19))
                .build();
    }

    private static Set<String> scopes(String column) {
        return new LinkedHashSet<>(Arrays.asList(column.split(" ", -1)));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
