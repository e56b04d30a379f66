package io.qscope.sql;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationCodeTable;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.TableName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code oauth_authorization_codes}. */
final class SqlAuthorizationCodeTable extends SqlFamilyTable<AuthorizationCode> implements AuthorizationCodeTable {

    /** The columns of {@link #read}, of the row {@code t} with its root {@code r}. */
    static final String COLUMNS = """
            t.id, t.version, t.code, t.code_key_id, t.client_id, t.user_id, t.authorization_id, t.redirect_uri,
            t.scopes, t.code_challenge, t.code_challenge_method, t.expires_at, t.consumed_at, t.metadata, r.revoked_at,
            t.created_at, t.created_by, t.updated_at, t.updated_by""";

    private static final String SELECT = "SELECT " + COLUMNS + """
            , t.consumed_attempt
              FROM oauth_authorization_codes t JOIN oauth_authorizations r ON r.id = t.authorization_id
            """;

    private static final String BY_ID = SELECT + " WHERE t.id = $1";

    private static final String BY_CODE = SELECT + " WHERE t.code = $1";

    private static final String FAMILY = SqlFamily.by(SqlFamily.CODE, "code");

    private static final String OF_FAMILY = inFamily(SELECT);

    private static final String INSERT = """
            INSERT INTO oauth_authorization_codes (id, version, code, code_key_id, client_id, user_id, authorization_id,
                   redirect_uri, scopes, code_challenge, code_challenge_method, expires_at, consumed_at, metadata,
                   created_at, created_by, updated_at, updated_by)
            SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
             WHERE\s""" + newRootIsLive("$6");

    private static final String UPDATE = """
            UPDATE oauth_authorization_codes
               SET version = version + 1, user_id = $3, redirect_uri = $4, scopes = $5, code_challenge = $6,
                   code_challenge_method = $7, expires_at = $8, metadata = $9, updated_at = $10, updated_by = $11
             WHERE id = $1 AND version = $2 AND code = $12 AND code_key_id IS NOT DISTINCT FROM $13 AND client_id = $14
               AND authorization_id = $15 AND consumed_at IS NOT DISTINCT FROM $16 AND created_at = $17
               AND created_by = $18""";

    private static final String DELETE = "DELETE FROM oauth_authorization_codes WHERE id = $1";

    private static final String DELETE_BY_CODE = "DELETE FROM oauth_authorization_codes WHERE code = $1";

    private static final String CONSUME = """
            UPDATE oauth_authorization_codes
               SET version = version + 1, consumed_at = $3, consumed_attempt = $2, updated_at = $3, updated_by = $4
             WHERE code = $1 AND consumed_at IS NULL AND expires_at > $3 AND\s""" + ROOT_IS_LIVE + """

            RETURNING id, version, code, code_key_id, client_id, user_id, authorization_id, redirect_uri, scopes,
                      code_challenge, code_challenge_method, expires_at, consumed_at, metadata, NULL, created_at,
                      created_by, updated_at, updated_by""";

    SqlAuthorizationCodeTable(SqlEngine engine) {
        super(TableName.AUTHORIZATION_CODES, engine);
    }

    @Override
    public CompletableFuture<Optional<AuthorizationCode>> getByCode(TokenDigest code, RayId rayId) {
        return readOne("getByCode", SqlQuery.of(BY_CODE, SqlAuthorizationCodeTable::map, code.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest code, RayId rayId) {
        return readOne("getFamily", SqlQuery.of(FAMILY, SqlFamily::map, code.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Void> deleteByCode(TokenDigest code, RayId rayId) {
        return write("deleteByCode", deletingByCode(code), rayId);
    }

    @Override
    public CompletableFuture<ConsumeOutcome<AuthorizationCode>> consume(
            TokenDigest code, Attempt attempt, RayId rayId) {
        return write("consume", consuming(code, attempt), rayId);
    }

    @Override
    SqlQuery<AuthorizationCode> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlAuthorizationCodeTable::map, id);
    }

    @Override
    SqlQuery<AuthorizationCode> listingFamily(String authorizationId, String after, long limit) {
        return SqlQuery.of(OF_FAMILY, SqlAuthorizationCodeTable::map, authorizationId, after, limit);
    }

    @Override
    SqlWrite<Void> inserting(AuthorizationCode row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.code().bytes(),
                row.code().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                row.redirectUri(),
                SqlValues.scopes(row.scopes()),
                row.codeChallenge(),
                row.codeChallengeMethod(),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.consumedAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, row.clientId(), row.authorizationId(), step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(AuthorizationCode row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.userId(),
                row.redirectUri(),
                SqlValues.scopes(row.scopes()),
                row.codeChallenge(),
                row.codeChallengeMethod(),
                SqlValues.millis(row.expiresAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.code().bytes(),
                row.code().keyId(),
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

    SqlWrite<Void> deletingByCode(TokenDigest code) {
        return deleting(code.toString(), DELETE_BY_CODE, code.bytes());
    }

    SqlWrite<ConsumeOutcome<AuthorizationCode>> consuming(TokenDigest code, Attempt attempt) {
        byte[] key = code.bytes();
        SqlStep step = SqlStep.returning(
                CONSUME,
                SqlAuthorizationCodeTable::map,
                key,
                attempt.id(),
                SqlValues.millis(attempt.at()),
                attempt.by());
        return new SqlTransition<>(
                name,
                code.toString(),
                true,
                List.of(step),
                done -> new ConsumeOutcome.Consumed<>(SqlTable.returned(AuthorizationCode.class, done)),
                List.of(SqlQuery.of(BY_CODE, Found::map, key)),
                (answers, rayId) -> explainConsume(answers.get(0), attempt));
    }

    private static Explanation<ConsumeOutcome<AuthorizationCode>> explainConsume(List<?> answer, Attempt attempt) {
        if (answer.isEmpty()) {
            return Explanation.of(new ConsumeOutcome.Unknown<>());
        }
        Found found = (Found) answer.get(0);
        AuthorizationCode row = found.row();
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

    private record Found(AuthorizationCode row, @Nullable String consumedAttempt) {

        static Found map(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new Found(read(values), values.optionalText());
        }
    }

    private static AuthorizationCode map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    static AuthorizationCode read(SqlValues values) {
        return AuthorizationCode.builder()
                .id(values.text())
                .version(values.number())
                .code(values.digest())
                .clientId(values.text())
                .userId(values.text())
                .authorizationId(values.text())
                .redirectUri(values.optionalText())
                .scopes(values.scopes())
                .codeChallenge(values.optionalText())
                .codeChallengeMethod(values.optionalText())
                .expiresAt(values.instant())
                .consumedAt(values.optionalInstant())
                .metadata(values.object())
                .authorizationRevokedAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
