package io.qscope.sql;

import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.IdTokenTable;
import io.qscope.store.TableName;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code oauth_id_tokens}. */
final class SqlIdTokenTable extends SqlFamilyTable<IdToken> implements IdTokenTable {

    /** The columns of {@link #read}, of the row {@code t} with its root {@code r}. */
    static final String COLUMNS = """
            t.id, t.version, t.token, t.token_key_id, t.client_id, t.user_id, t.authorization_id, t.expires_at,
            t.metadata, r.revoked_at, t.created_at, t.created_by, t.updated_at, t.updated_by""";

    private static final String SELECT = "SELECT " + COLUMNS + """

              FROM oauth_id_tokens t JOIN oauth_authorizations r ON r.id = t.authorization_id
            """;

    private static final String BY_ID = SELECT + " WHERE t.id = $1";

    private static final String BY_TOKEN = SELECT + " WHERE t.token = $1";

    private static final String FAMILY = SqlFamily.by(SqlFamily.ID_TOKEN, "token");

    private static final String OF_FAMILY = inFamily(SELECT);

    private static final String INSERT = """
            INSERT INTO oauth_id_tokens (id, version, token, token_key_id, client_id, user_id, authorization_id,
                   expires_at, metadata, created_at, created_by, updated_at, updated_by)
            SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
             WHERE\s""" + newRootIsLive("$6");

    private static final String UPDATE = """
            UPDATE oauth_id_tokens
               SET version = version + 1, metadata = $3, updated_at = $4, updated_by = $5
             WHERE id = $1 AND version = $2 AND token = $6 AND token_key_id IS NOT DISTINCT FROM $7 AND client_id = $8
               AND user_id = $9 AND authorization_id = $10 AND expires_at = $11 AND created_at = $12
               AND created_by = $13""";

    private static final String DELETE = "DELETE FROM oauth_id_tokens WHERE id = $1";

    SqlIdTokenTable(SqlEngine engine) {
        super(TableName.ID_TOKENS, engine);
    }

    @Override
    public CompletableFuture<Optional<IdToken>> getByToken(TokenDigest token, RayId rayId) {
        return readOne("getByToken", SqlQuery.of(BY_TOKEN, SqlIdTokenTable::map, token.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId) {
        return readOne("getFamily", SqlQuery.of(FAMILY, SqlFamily::map, token.bytes()), rayId);
    }

    @Override
    SqlQuery<IdToken> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlIdTokenTable::map, id);
    }

    @Override
    SqlQuery<IdToken> listingFamily(String authorizationId, String after, long limit) {
        return SqlQuery.of(OF_FAMILY, SqlIdTokenTable::map, authorizationId, after, limit);
    }

    @Override
    SqlWrite<Void> inserting(IdToken row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                SqlValues.millis(row.expiresAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, row.clientId(), row.authorizationId(), step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(IdToken row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                Json.object(row.metadata()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    private static IdToken map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    static IdToken read(SqlValues values) {
        return IdToken.builder()
                .id(values.text())
                .version(values.number())
                .token(values.digest())
                .clientId(values.text())
                .userId(values.text())
                .authorizationId(values.text())
                .expiresAt(values.instant())
                .metadata(values.object())
                .authorizationRevokedAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
