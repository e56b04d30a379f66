package io.qscope.sql;

import io.qscope.engine.Arguments;
import io.qscope.model.AccessToken;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.Attempt;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.TableName;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code oauth_access_tokens}. */
final class SqlAccessTokenTable extends SqlFamilyTable<AccessToken> implements AccessTokenTable {

    /** The columns of {@link #read}, of the row {@code t} with its root {@code r}. */
    static final String COLUMNS = """
            t.id, t.version, t.token, t.token_key_id, t.client_id, t.user_id, t.authorization_id, t.refresh_token_id,
            t.scopes, t.expires_at, t.revoked_at, t.metadata, r.revoked_at, t.created_at, t.created_by, t.updated_at,
            t.updated_by""";

    private static final String SELECT = "SELECT " + COLUMNS + """
            , t.revoked_attempt
              FROM oauth_access_tokens t LEFT JOIN oauth_authorizations r ON r.id = t.authorization_id
            """;

    private static final String BY_ID = SELECT + " WHERE t.id = $1";

    private static final String BY_TOKEN = SELECT + " WHERE t.token = $1";

    private static final String FAMILY = SqlFamily.by(SqlFamily.ACCESS_TOKEN, "token");

    private static final String OF_FAMILY = inFamily(SELECT);

    private static final String INSERT = """
            INSERT INTO oauth_access_tokens (id, version, token, token_key_id, client_id, user_id, authorization_id,
                   refresh_token_id, scopes, expires_at, revoked_at, metadata, created_at, created_by, updated_at,
                   updated_by)
            SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
             WHERE\s""" + newRootIsLive("$6");

    private static final String UPDATE = """
            UPDATE oauth_access_tokens
               SET version = version + 1, user_id = $3, refresh_token_id = $4, scopes = $5, expires_at = $6,
                   metadata = $7, updated_at = $8, updated_by = $9
             WHERE id = $1 AND version = $2 AND token = $10 AND token_key_id IS NOT DISTINCT FROM $11
               AND client_id = $12 AND authorization_id IS NOT DISTINCT FROM $13
               AND revoked_at IS NOT DISTINCT FROM $14 AND created_at = $15 AND created_by = $16""";

    private static final String DELETE = "DELETE FROM oauth_access_tokens WHERE id = $1";

    private static final String DELETE_BY_TOKEN = "DELETE FROM oauth_access_tokens WHERE token = $1";

    private static final String REVOKE = """
            UPDATE oauth_access_tokens
               SET version = version + 1, revoked_at = $3, revoked_attempt = $2, updated_at = $3, updated_by = $4
             WHERE token = $1 AND revoked_at IS NULL
            RETURNING id, version, token, token_key_id, client_id, user_id, authorization_id, refresh_token_id, scopes,
                      expires_at, revoked_at, metadata,
                      (SELECT r.revoked_at FROM oauth_authorizations r WHERE r.id = authorization_id), created_at,
                      created_by, updated_at, updated_by""";

    private static final String REVOKE_OLDEST_OF_USER = revokeOldest("t.user_id = $6");

    private static final String REVOKE_OLDEST_OF_NOBODY = revokeOldest("t.user_id IS NULL");

    private static String revokeOldest(String user) {
        return SqlRevocation.allButTheFirst("oauth_access_tokens", """
                 SELECT t.id
                   FROM oauth_access_tokens t LEFT JOIN oauth_authorizations r ON r.id = t.authorization_id
                  WHERE t.client_id = $1 AND %s AND t.revoked_at IS NULL
                    AND t.expires_at > $3 AND r.revoked_at IS NULL
                  ORDER BY t.created_at DESC, t.id DESC
            """.formatted(user));
    }

    SqlAccessTokenTable(SqlEngine engine) {
        super(TableName.ACCESS_TOKENS, engine);
    }

    @Override
    public CompletableFuture<Optional<AccessToken>> getByToken(TokenDigest token, RayId rayId) {
        return readOne("getByToken", SqlQuery.of(BY_TOKEN, SqlAccessTokenTable::map, token.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId) {
        return readOne("getFamily", SqlQuery.of(FAMILY, SqlFamily::map, token.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Void> deleteByToken(TokenDigest token, RayId rayId) {
        return write("deleteByToken", deletingByToken(token), rayId);
    }

    @Override
    public CompletableFuture<RevokeOutcome<AccessToken>> revoke(TokenDigest token, Attempt attempt, RayId rayId) {
        return write("revoke", revoking(token, attempt), rayId);
    }

    @Override
    public CompletableFuture<RevokeCount> revokeOldest(
            String clientId, @Nullable String userId, int keep, Attempt attempt, RayId rayId) {
        return checked(
                "revokeOldest",
                ray -> Arguments.keep(keep, ray),
                () -> revokingOldest(clientId, userId, keep, attempt),
                rayId);
    }

    @Override
    SqlQuery<AccessToken> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlAccessTokenTable::map, id);
    }

    @Override
    SqlQuery<AccessToken> listingFamily(String authorizationId, String after, long limit) {
        return SqlQuery.of(OF_FAMILY, SqlAccessTokenTable::map, authorizationId, after, limit);
    }

    @Override
    SqlWrite<Void> inserting(AccessToken row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                row.refreshTokenId(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.revokedAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, row.clientId(), row.authorizationId(), step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(AccessToken row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.userId(),
                row.refreshTokenId(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.expiresAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.authorizationId(),
                SqlValues.millis(row.revokedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    SqlWrite<Void> deletingByToken(TokenDigest token) {
        return deleting(token.toString(), DELETE_BY_TOKEN, token.bytes());
    }

    SqlWrite<RevokeOutcome<AccessToken>> revoking(TokenDigest token, Attempt attempt) {
        byte[] key = token.bytes();
        return SqlRevocation.of(
                AccessToken.class,
                name,
                token.toString(),
                SqlStep.returning(
                        REVOKE,
                        SqlAccessTokenTable::map,
                        key,
                        attempt.id(),
                        SqlValues.millis(attempt.at()),
                        attempt.by()),
                SqlQuery.of(BY_TOKEN, SqlRevocation.Found.mapper(SqlAccessTokenTable::read), key),
                AccessToken::revokedAt,
                attempt);
    }

    SqlWrite<RevokeCount> revokingOldest(String clientId, @Nullable String userId, int keep, Attempt attempt) {
        return SqlRevocation.oldest(
                name,
                REVOKE_OLDEST_OF_USER,
                REVOKE_OLDEST_OF_NOBODY,
                new SqlRevocation.Owner(clientId, userId),
                keep,
                attempt,
                count -> new RevokeCount(0, count, 0));
    }

    private static AccessToken map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    static AccessToken read(SqlValues values) {
        return AccessToken.builder()
                .id(values.text())
                .version(values.number())
                .token(values.digest())
                .clientId(values.text())
                .userId(values.optionalText())
                .authorizationId(values.optionalText())
                .refreshTokenId(values.optionalText())
                .scopes(values.scopes())
                .expiresAt(values.instant())
                .revokedAt(values.optionalInstant())
                .metadata(values.object())
                .authorizationRevokedAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
