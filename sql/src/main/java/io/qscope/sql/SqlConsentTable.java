package io.qscope.sql;

import io.qscope.model.Consent;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.ConsentTable;
import io.qscope.store.Page;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code oauth_consents}. */
final class SqlConsentTable extends SqlTable<Consent> implements ConsentTable {

    private static final String COLUMNS =
            "id, version, client_id, user_id, scopes, revoked_at, created_at, created_by, updated_at, updated_by";

    private static final String BY_ID = "SELECT " + COLUMNS + " FROM oauth_consents WHERE id = $1";

    private static final String LIVE =
            "SELECT " + COLUMNS + " FROM oauth_consents WHERE client_id = $1 AND user_id = $2 AND revoked_at IS NULL";

    private static final String BY_USER =
            "SELECT " + COLUMNS + " FROM oauth_consents WHERE " + SqlTable.pageOf("user_id");

    private static final String INSERT = """
            INSERT INTO oauth_consents (id, version, client_id, user_id, scopes, revoked_at, created_at, created_by,
                   updated_at, updated_by)
            VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)""";

    private static final String UPDATE = """
            UPDATE oauth_consents
               SET version = version + 1, scopes = $3, updated_at = $4, updated_by = $5
             WHERE id = $1 AND version = $2 AND client_id = $6 AND user_id = $7 AND revoked_at IS NOT DISTINCT FROM $8
               AND created_at = $9 AND created_by = $10""";

    private static final String DELETE = "DELETE FROM oauth_consents WHERE id = $1";

    /** The sum keeps the planner from the index of what lives: in a database that was small, PostgreSQL takes all of it for as good as the key. */
    private static final String REVOKE = """
            UPDATE oauth_consents
               SET version = version + 1, revoked_at = $3, revoked_attempt = $2, updated_at = $3, updated_by = $4
             WHERE id = $1 AND revoked_at + 0 IS NULL
            RETURNING\s""" + COLUMNS;

    private static final String REVOKED_BY =
            "SELECT " + COLUMNS + ", revoked_attempt FROM oauth_consents WHERE id = $1";

    SqlConsentTable(SqlEngine engine) {
        super(TableName.CONSENTS, engine);
    }

    @Override
    public CompletableFuture<Optional<Consent>> getByClientAndUser(String clientId, String userId, RayId rayId) {
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(userId, "userId");
        return readOne("getByClientAndUser", SqlQuery.of(LIVE, SqlConsentTable::map, clientId, userId), rayId);
    }

    @Override
    public CompletableFuture<Slice<Consent>> listByUser(String userId, Page page, RayId rayId) {
        Objects.requireNonNull(userId, "userId");
        return readPage(
                "listByUser",
                (after, most) -> SqlQuery.of(BY_USER, SqlConsentTable::map, userId, after, most),
                page,
                rayId);
    }

    @Override
    public CompletableFuture<RevokeOutcome<Consent>> revoke(String id, Attempt attempt, RayId rayId) {
        return write("revoke", revoking(id, attempt), rayId);
    }

    @Override
    SqlQuery<Consent> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlConsentTable::map, id);
    }

    @Override
    SqlWrite<Void> inserting(Consent row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.clientId(),
                row.userId(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.revokedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, row.clientId(), null, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(Consent row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.clientId(),
                row.userId(),
                SqlValues.millis(row.revokedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    SqlWrite<RevokeOutcome<Consent>> revoking(String id, Attempt attempt) {
        return SqlRevocation.of(
                Consent.class,
                name,
                Objects.requireNonNull(id, "id"),
                SqlStep.returning(
                        REVOKE, SqlConsentTable::map, id, attempt.id(), SqlValues.millis(attempt.at()), attempt.by()),
                SqlQuery.of(REVOKED_BY, SqlRevocation.Found.mapper(SqlConsentTable::read), id),
                Consent::revokedAt,
                attempt);
    }

    private static Consent map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    private static Consent read(SqlValues values) {
        return Consent.builder()
                .id(values.text())
                .version(values.number())
                .clientId(values.text())
                .userId(values.text())
                .scopes(values.scopes())
                .revokedAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
