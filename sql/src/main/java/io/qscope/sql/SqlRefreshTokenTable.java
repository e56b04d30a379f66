package io.qscope.sql;

import io.qscope.engine.Arguments;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RotateOutcome;
import io.qscope.store.TableName;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code oauth_refresh_tokens}. Rotation has a class of its own: {@link SqlRotation}. */
final class SqlRefreshTokenTable extends SqlFamilyTable<RefreshToken> implements RefreshTokenTable {

    /** The columns of {@link #read}, of the row {@code t} with its root {@code r}. */
    static final String COLUMNS = """
            t.id, t.version, t.token, t.token_key_id, t.client_id, t.user_id, t.authorization_id, t.predecessor_id,
            t.scopes, t.expires_at, t.rotated_at, t.grace_uses, t.revoked_at, t.metadata, r.revoked_at, t.created_at,
            t.created_by, t.updated_at, t.updated_by""";

    /** Where {@link #COLUMNS} come from. */
    static final String FROM = """

              FROM oauth_refresh_tokens t JOIN oauth_authorizations r ON r.id = t.authorization_id
            """;

    private static final String BY_ID = "SELECT " + COLUMNS + FROM + " WHERE t.id = $1";

    private static final String BY_TOKEN = "SELECT " + COLUMNS + FROM + " WHERE t.token = $1";

    private static final String FAMILY = SqlFamily.by(SqlFamily.REFRESH_TOKEN, "token");

    private static final String OF_FAMILY = inFamily("SELECT " + COLUMNS + FROM);

    private static final String INSERT = """
            INSERT INTO oauth_refresh_tokens (id, version, token, token_key_id, client_id, user_id, authorization_id,
                   predecessor_id, made_attempt, scopes, expires_at, rotated_at, grace_uses, revoked_at, metadata,
                   created_at, created_by, updated_at, updated_by)
            SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
             WHERE\s""" + newRootIsLive("$6");

    private static final String UPDATE = """
            UPDATE oauth_refresh_tokens
               SET version = version + 1, user_id = $3, scopes = $4, expires_at = $5, metadata = $6, updated_at = $7,
                   updated_by = $8
             WHERE id = $1 AND version = $2 AND token = $9 AND token_key_id IS NOT DISTINCT FROM $10
               AND client_id = $11 AND authorization_id = $12 AND predecessor_id IS NOT DISTINCT FROM $13
               AND rotated_at IS NOT DISTINCT FROM $14 AND grace_uses = $15 AND revoked_at IS NOT DISTINCT FROM $16
               AND created_at = $17 AND created_by = $18""";

    private static final String DELETE = "DELETE FROM oauth_refresh_tokens WHERE id = $1";

    private static final String REVOKE = """
            UPDATE oauth_refresh_tokens
               SET version = version + 1, revoked_at = $3, revoked_attempt = $2, updated_at = $3, updated_by = $4
             WHERE token = $1 AND revoked_at IS NULL
            RETURNING id, version, token, token_key_id, client_id, user_id, authorization_id, predecessor_id, scopes,
                      expires_at, rotated_at, grace_uses, revoked_at, metadata,
                      (SELECT r.revoked_at FROM oauth_authorizations r WHERE r.id = authorization_id), created_at,
                      created_by, updated_at, updated_by""";

    private static final String REVOKED_BY = "SELECT " + COLUMNS + ", t.revoked_attempt" + FROM + " WHERE t.token = $1";

    private static final String REVOKE_OLDEST_OF_USER = revokeOldest("t.user_id = $6");

    private static final String REVOKE_OLDEST_OF_NOBODY = revokeOldest("t.user_id IS NULL");

    private static String revokeOldest(String user) {
        return SqlRevocation.allButTheFirst("oauth_refresh_tokens", """
                 SELECT t.id
                   FROM oauth_refresh_tokens t JOIN oauth_authorizations r ON r.id = t.authorization_id
                  WHERE t.client_id = $1 AND %s AND t.revoked_at IS NULL
                    AND t.rotated_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $3) AND r.revoked_at IS NULL
                  ORDER BY t.created_at DESC, t.id DESC
            """.formatted(user)) + " AND rotated_at IS NULL";
    }

    SqlRefreshTokenTable(SqlEngine engine) {
        super(TableName.REFRESH_TOKENS, engine);
    }

    @Override
    public CompletableFuture<Optional<RefreshToken>> getByToken(TokenDigest token, RayId rayId) {
        return readOne("getByToken", SqlQuery.of(BY_TOKEN, SqlRefreshTokenTable::map, token.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId) {
        return readOne("getFamily", SqlQuery.of(FAMILY, SqlFamily::map, token.bytes()), rayId);
    }

    @Override
    public CompletableFuture<RotateOutcome> rotate(
            TokenDigest token, RefreshToken successor, Grace grace, Attempt attempt, RayId rayId) {
        return write("rotate", rotating(token, successor, grace, attempt), rayId);
    }

    @Override
    public CompletableFuture<RevokeOutcome<RefreshToken>> revoke(TokenDigest token, Attempt attempt, RayId rayId) {
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
    SqlQuery<RefreshToken> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlRefreshTokenTable::map, id);
    }

    @Override
    SqlQuery<RefreshToken> listingFamily(String authorizationId, String after, long limit) {
        return SqlQuery.of(OF_FAMILY, SqlRefreshTokenTable::map, authorizationId, after, limit);
    }

    @Override
    SqlWrite<Void> inserting(RefreshToken row) {
        return new SqlInsert<>(
                name, row, row.clientId(), row.authorizationId(), insertStep(row, null), gettingById(row.id()));
    }

    /** @param madeBy the attempt that makes the row as a successor; none: it is inserted for itself */
    static SqlStep insertStep(RefreshToken row, @Nullable Attempt madeBy) {
        return SqlStep.required(
                INSERT,
                row.id(),
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                row.predecessorId(),
                madeBy == null ? null : madeBy.id(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.rotatedAt()),
                (long) row.graceUses(),
                SqlValues.millis(row.revokedAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
    }

    @Override
    SqlWrite<Void> updating(RefreshToken row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.userId(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.expiresAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.authorizationId(),
                row.predecessorId(),
                SqlValues.millis(row.rotatedAt()),
                (long) row.graceUses(),
                SqlValues.millis(row.revokedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    SqlWrite<RotateOutcome> rotating(TokenDigest token, RefreshToken successor, Grace grace, Attempt attempt) {
        return SqlRotation.of(token, successor, grace, attempt);
    }

    SqlWrite<RevokeOutcome<RefreshToken>> revoking(TokenDigest token, Attempt attempt) {
        byte[] key = token.bytes();
        return SqlRevocation.of(
                RefreshToken.class,
                name,
                token.toString(),
                SqlStep.returning(
                        REVOKE,
                        SqlRefreshTokenTable::map,
                        key,
                        attempt.id(),
                        SqlValues.millis(attempt.at()),
                        attempt.by()),
                SqlQuery.of(REVOKED_BY, SqlRevocation.Found.mapper(SqlRefreshTokenTable::read), key),
                RefreshToken::revokedAt,
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
                count -> new RevokeCount(0, 0, count));
    }

    static RefreshToken map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    static RefreshToken read(SqlValues values) {
        return RefreshToken.builder()
                .id(values.text())
                .version(values.number())
                .token(values.digest())
                .clientId(values.text())
                .userId(values.optionalText())
                .authorizationId(values.text())
                .predecessorId(values.optionalText())
                .scopes(values.scopes())
                .expiresAt(values.optionalInstant())
                .rotatedAt(values.optionalInstant())
                .graceUses(values.count())
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
