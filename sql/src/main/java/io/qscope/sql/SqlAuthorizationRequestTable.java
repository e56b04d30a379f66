package io.qscope.sql;

import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationRequestTable;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.TableName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code oauth_authorization_requests}. */
final class SqlAuthorizationRequestTable extends SqlFamilyTable<AuthorizationRequest>
        implements AuthorizationRequestTable {

    /** The columns of {@link #read}, of the row {@code t} with its root {@code r}. */
    static final String COLUMNS = """
            t.id, t.version, t.handle, t.handle_key_id, t.client_id, t.user_id, t.authorization_id, t.parameters,
            t.expires_at, t.consumed_at, r.revoked_at, t.created_at, t.created_by, t.updated_at, t.updated_by""";

    private static final String SELECT = "SELECT " + COLUMNS + """
            , t.consumed_attempt
              FROM oauth_authorization_requests t JOIN oauth_authorizations r ON r.id = t.authorization_id
            """;

    private static final String BY_ID = SELECT + " WHERE t.id = $1";

    private static final String BY_HANDLE = SELECT + " WHERE t.handle = $1";

    private static final String FAMILY = SqlFamily.by(SqlFamily.REQUEST, "handle");

    private static final String OF_FAMILY = inFamily(SELECT);

    private static final String INSERT = """
            INSERT INTO oauth_authorization_requests (id, version, handle, handle_key_id, client_id, user_id,
                   authorization_id, parameters, expires_at, consumed_at, created_at, created_by, updated_at,
                   updated_by)
            SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
             WHERE\s""" + newRootIsLive("$6");

    private static final String UPDATE = """
            UPDATE oauth_authorization_requests
               SET version = version + 1, user_id = $3, parameters = $4, expires_at = $5, updated_at = $6,
                   updated_by = $7
             WHERE id = $1 AND version = $2 AND handle = $8 AND handle_key_id IS NOT DISTINCT FROM $9
               AND client_id = $10 AND authorization_id = $11 AND consumed_at IS NOT DISTINCT FROM $12
               AND created_at = $13 AND created_by = $14""";

    private static final String DELETE = "DELETE FROM oauth_authorization_requests WHERE id = $1";

    private static final String CONSUME = """
            UPDATE oauth_authorization_requests
               SET version = version + 1, consumed_at = $3, consumed_attempt = $2, updated_at = $3, updated_by = $4
             WHERE handle = $1 AND consumed_at IS NULL AND expires_at > $3 AND\s""" + ROOT_IS_LIVE + """

            RETURNING id, version, handle, handle_key_id, client_id, user_id, authorization_id, parameters, expires_at,
                      consumed_at, NULL, created_at, created_by, updated_at, updated_by""";

    SqlAuthorizationRequestTable(SqlEngine engine) {
        super(TableName.AUTHORIZATION_REQUESTS, engine);
    }

    @Override
    public CompletableFuture<Optional<AuthorizationRequest>> getByHandle(TokenDigest handle, RayId rayId) {
        return readOne("getByHandle", SqlQuery.of(BY_HANDLE, SqlAuthorizationRequestTable::map, handle.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest handle, RayId rayId) {
        return readOne("getFamily", SqlQuery.of(FAMILY, SqlFamily::map, handle.bytes()), rayId);
    }

    @Override
    public CompletableFuture<ConsumeOutcome<AuthorizationRequest>> consume(
            TokenDigest handle, Attempt attempt, RayId rayId) {
        return write("consume", consuming(handle, attempt), rayId);
    }

    @Override
    SqlQuery<AuthorizationRequest> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlAuthorizationRequestTable::map, id);
    }

    @Override
    SqlQuery<AuthorizationRequest> listingFamily(String authorizationId, String after, long limit) {
        return SqlQuery.of(OF_FAMILY, SqlAuthorizationRequestTable::map, authorizationId, after, limit);
    }

    @Override
    SqlWrite<Void> inserting(AuthorizationRequest row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.handle().bytes(),
                row.handle().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                Json.object(row.parameters()),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.consumedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, row.clientId(), row.authorizationId(), step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(AuthorizationRequest row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.userId(),
                Json.object(row.parameters()),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.handle().bytes(),
                row.handle().keyId(),
                row.clientId(),
                row.authorizationId(),
                SqlValues.millis(row.consumedAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    SqlWrite<ConsumeOutcome<AuthorizationRequest>> consuming(TokenDigest handle, Attempt attempt) {
        byte[] key = handle.bytes();
        SqlStep step = SqlStep.returning(
                CONSUME,
                SqlAuthorizationRequestTable::map,
                key,
                attempt.id(),
                SqlValues.millis(attempt.at()),
                attempt.by());
        return new SqlTransition<>(
                name,
                handle.toString(),
                true,
                List.of(step),
                done -> new ConsumeOutcome.Consumed<>(SqlTable.returned(AuthorizationRequest.class, done)),
                List.of(SqlQuery.of(BY_HANDLE, Found::map, key)),
                (answers, rayId) -> explainConsume(answers.get(0), attempt));
    }

    private static Explanation<ConsumeOutcome<AuthorizationRequest>> explainConsume(List<?> answer, Attempt attempt) {
        if (answer.isEmpty()) {
            return Explanation.of(new ConsumeOutcome.Unknown<>());
        }
        Found found = (Found) answer.get(0);
        AuthorizationRequest row = found.row();
        if (attempt.id().equals(found.consumedAttempt())) {
            return Explanation.of(new ConsumeOutcome.Consumed<>(row));
        }
        if (row.authorizationRevokedAt() != null) {
            return Explanation.of(new ConsumeOutcome.Revoked<>(row));
        }
        if (row.consumedAt() != null) {
            return Explanation.of(new ConsumeOutcome.AlreadyConsumed<>(row));
        }
        return attempt.at().isBefore(row.expiresAt())
                ? Explanation.runAgain()
                : Explanation.of(new ConsumeOutcome.Expired<>(row));
    }

    private record Found(AuthorizationRequest row, @Nullable String consumedAttempt) {

        static Found map(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new Found(read(values), values.optionalText());
        }
    }

    private static AuthorizationRequest map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    static AuthorizationRequest read(SqlValues values) {
        return AuthorizationRequest.builder()
                .id(values.text())
                .version(values.number())
                .handle(values.digest())
                .clientId(values.text())
                .userId(values.optionalText())
                .authorizationId(values.text())
                .parameters(values.object())
                .expiresAt(values.instant())
                .consumedAt(values.optionalInstant())
                .authorizationRevokedAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
