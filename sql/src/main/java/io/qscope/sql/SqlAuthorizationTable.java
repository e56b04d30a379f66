package io.qscope.sql;

import io.qscope.model.Authorization;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationTable;
import io.qscope.store.Page;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code oauth_authorizations}: the roots of families. */
final class SqlAuthorizationTable extends SqlTable<Authorization> implements AuthorizationTable {

    /** The columns of {@link #read}. */
    static final String COLUMNS = """
            id, version, client_id, user_id, scopes, attributes, revoked_at, created_at, created_by, updated_at,
            updated_by""";

    private static final String BY_ID = "SELECT " + COLUMNS + " FROM oauth_authorizations WHERE id = $1";

    private static final String FAMILY = SqlFamily.byRoot();

    private static final String BY_CLIENT =
            "SELECT " + COLUMNS + " FROM oauth_authorizations WHERE " + SqlTable.pageOf("client_id");

    private static final String BY_USER =
            "SELECT " + COLUMNS + " FROM oauth_authorizations WHERE " + SqlTable.pageOf("user_id");

    private static final String INSERT = """
            INSERT INTO oauth_authorizations (id, version, client_id, user_id, scopes, attributes, revoked_at,
                   created_at, created_by, updated_at, updated_by)
            VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""";

    private static final String UPDATE = """
            UPDATE oauth_authorizations
               SET version = version + 1, user_id = $3, scopes = $4, attributes = $5, updated_at = $6, updated_by = $7
             WHERE id = $1 AND version = $2 AND client_id = $8 AND revoked_at IS NOT DISTINCT FROM $9
               AND created_at = $10 AND created_by = $11""";

    private static final String DELETE = "DELETE FROM oauth_authorizations WHERE id = $1";

    private static final String REVOKE = """
            UPDATE oauth_authorizations
               SET version = version + 1, revoked_at = $3, revoked_attempt = $2, updated_at = $3, updated_by = $4
             WHERE id = $1 AND revoked_at IS NULL
            RETURNING\s""" + COLUMNS;

    private static final String REVOKED_BY =
            "SELECT " + COLUMNS + ", revoked_attempt FROM oauth_authorizations WHERE id = $1";

    private static final String REVOKE_BY_CLIENT = SqlRevocation.all("oauth_authorizations", "client_id = $1");

    private static final String REVOKE_ALONE_BY_CLIENT =
            SqlRevocation.all("oauth_access_tokens", "client_id = $1 AND authorization_id IS NULL");

    private static final String REVOKE_BY_USER = SqlRevocation.all("oauth_authorizations", "user_id = $1");

    private static final String REVOKE_ALONE_BY_USER =
            SqlRevocation.all("oauth_access_tokens", "user_id = $1 AND authorization_id IS NULL");

    SqlAuthorizationTable(SqlEngine engine) {
        super(TableName.AUTHORIZATIONS, engine);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(String id, RayId rayId) {
        Objects.requireNonNull(id, "id");
        return readOne("getFamily", SqlQuery.of(FAMILY, SqlFamily::map, id), rayId);
    }

    @Override
    public CompletableFuture<RevokeOutcome<Authorization>> revoke(String id, Attempt attempt, RayId rayId) {
        return write("revoke", revoking(id, attempt), rayId);
    }

    @Override
    public CompletableFuture<RevokeCount> revokeByClient(String clientId, Attempt attempt, RayId rayId) {
        return write("revokeByClient", revokingByClient(clientId, attempt), rayId);
    }

    @Override
    public CompletableFuture<RevokeCount> revokeByUser(String userId, Attempt attempt, RayId rayId) {
        return write("revokeByUser", revokingByUser(userId, attempt), rayId);
    }

    @Override
    public CompletableFuture<Slice<Authorization>> listByClient(String clientId, Page page, RayId rayId) {
        return list("listByClient", BY_CLIENT, Objects.requireNonNull(clientId, "clientId"), page, rayId);
    }

    @Override
    public CompletableFuture<Slice<Authorization>> listByUser(String userId, Page page, RayId rayId) {
        return list("listByUser", BY_USER, Objects.requireNonNull(userId, "userId"), page, rayId);
    }

    private CompletableFuture<Slice<Authorization>> list(
            String operation, String text, String owner, Page page, RayId rayId) {
        return readPage(
                operation,
                (after, most) -> SqlQuery.of(text, SqlAuthorizationTable::map, owner, after, most),
                page,
                rayId);
    }

    @Override
    SqlQuery<Authorization> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlAuthorizationTable::map, id);
    }

    @Override
    SqlWrite<Void> inserting(Authorization row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.clientId(),
                row.userId(),
                SqlValues.scopes(row.scopes()),
                Json.object(row.attributes()),
                SqlValues.millis(row.revokedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, row.clientId(), null, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(Authorization row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.userId(),
                SqlValues.scopes(row.scopes()),
                Json.object(row.attributes()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.clientId(),
                SqlValues.millis(row.revokedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step.writingRoots(), gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, SqlStep.ifThere(DELETE, id).writingRoots());
    }

    SqlWrite<RevokeOutcome<Authorization>> revoking(String id, Attempt attempt) {
        return SqlRevocation.of(
                Authorization.class,
                name,
                Objects.requireNonNull(id, "id"),
                SqlStep.returning(REVOKE, SqlAuthorizationTable::map, parameters(id, attempt))
                        .writingRoots(),
                SqlQuery.of(REVOKED_BY, SqlRevocation.Found.mapper(SqlAuthorizationTable::read), id),
                Authorization::revokedAt,
                attempt);
    }

    SqlWrite<RevokeCount> revokingByClient(String clientId, Attempt attempt) {
        Objects.requireNonNull(clientId, "clientId");
        return revokingAll(clientId, REVOKE_BY_CLIENT, REVOKE_ALONE_BY_CLIENT, attempt);
    }

    SqlWrite<RevokeCount> revokingByUser(String userId, Attempt attempt) {
        Objects.requireNonNull(userId, "userId");
        return revokingAll(userId, REVOKE_BY_USER, REVOKE_ALONE_BY_USER, attempt);
    }

    private SqlWrite<RevokeCount> revokingAll(String owner, String roots, String alone, Attempt attempt) {
        return SqlTransition.unconditional(
                name,
                owner,
                List.of(
                        SqlStep.any(roots, parameters(owner, attempt)).writingRoots(),
                        SqlStep.any(alone, parameters(owner, attempt))),
                done -> new RevokeCount(done.get(0).rows(), done.get(1).rows(), 0),
                new RevokeCount(0, 0, 0));
    }

    private static @Nullable Object[] parameters(String key, Attempt attempt) {
        return new @Nullable Object[] {key, attempt.id(), SqlValues.millis(attempt.at()), attempt.by()};
    }

    private static Authorization map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    static Authorization read(SqlValues values) {
        return Authorization.builder()
                .id(values.text())
                .version(values.number())
                .clientId(values.text())
                .userId(values.optionalText())
                .scopes(values.scopes())
                .attributes(values.object())
                .revokedAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
