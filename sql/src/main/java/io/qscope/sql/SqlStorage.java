package io.qscope.sql;

import io.qscope.engine.Arguments;
import io.qscope.model.RayId;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.Attempt;
import io.qscope.store.AuditLogTable;
import io.qscope.store.AuthorizationCodeTable;
import io.qscope.store.AuthorizationRequestTable;
import io.qscope.store.AuthorizationTable;
import io.qscope.store.ClientTable;
import io.qscope.store.ConsentTable;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.IdTokenTable;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Migration;
import io.qscope.store.Purged;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.SigningKeyTable;
import io.qscope.store.Storage;
import io.qscope.store.TableName;
import io.qscope.store.ThrottleTable;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UserAccountTable;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The contract on any {@link SqlEngine}. */
public final class SqlStorage implements Storage {

    private static final String KEYS_IN_USE = """
            SELECT t.code_key_id
              FROM oauth_authorization_codes t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.code_key_id IS NOT NULL AND t.expires_at > $1 AND r.revoked_at IS NULL
            UNION
            SELECT t.token_key_id
              FROM oauth_access_tokens t LEFT JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.token_key_id IS NOT NULL AND t.expires_at > $1 AND t.revoked_at IS NULL AND r.revoked_at IS NULL
            UNION
            SELECT t.token_key_id
              FROM oauth_refresh_tokens t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.token_key_id IS NOT NULL AND (t.expires_at IS NULL OR t.expires_at > $1)
               AND t.revoked_at IS NULL AND r.revoked_at IS NULL
            UNION
            SELECT t.device_code_key_id
              FROM oauth_device_codes t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.device_code_key_id IS NOT NULL AND t.expires_at > $1 AND t.state IN ('PENDING', 'APPROVED')
               AND r.revoked_at IS NULL
            UNION
            SELECT t.user_code_key_id
              FROM oauth_device_codes t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.user_code_key_id IS NOT NULL AND t.expires_at > $1 AND t.state IN ('PENDING', 'APPROVED')
               AND r.revoked_at IS NULL
            UNION
            SELECT t.token_key_id
              FROM oauth_id_tokens t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.token_key_id IS NOT NULL AND t.expires_at > $1 AND r.revoked_at IS NULL
            UNION
            SELECT t.handle_key_id
              FROM oauth_authorization_requests t JOIN oauth_authorizations r ON r.id = t.authorization_id
             WHERE t.handle_key_id IS NOT NULL AND t.expires_at > $1 AND r.revoked_at IS NULL""";

    /** One statement for all tables, so that they are counted at one moment. */
    private static final String ROW_COUNTS = Arrays.stream(TableName.values())
            .map(table -> "SELECT '" + table.name() + "', count(*) FROM " + table)
            .collect(Collectors.joining(" UNION ALL "));

    final SqlEngine engine;
    final SqlClientTable clients;
    final SqlAuthorizationTable authorizations;
    final SqlAuthorizationCodeTable authorizationCodes;
    final SqlAccessTokenTable accessTokens;
    final SqlRefreshTokenTable refreshTokens;
    final SqlDeviceCodeTable deviceCodes;
    final SqlIdTokenTable idTokens;
    final SqlAuthorizationRequestTable authorizationRequests;
    final SqlConsentTable consents;
    final SqlSigningKeyTable signingKeys;
    final SqlUserAccountTable users;
    final SqlThrottleTable throttles;
    final SqlAuditLogTable auditLog;

    /** A storage on an engine, which it closes with itself. */
    public SqlStorage(SqlEngine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
        clients = new SqlClientTable(engine);
        authorizations = new SqlAuthorizationTable(engine);
        authorizationCodes = new SqlAuthorizationCodeTable(engine);
        accessTokens = new SqlAccessTokenTable(engine);
        refreshTokens = new SqlRefreshTokenTable(engine);
        deviceCodes = new SqlDeviceCodeTable(engine);
        idTokens = new SqlIdTokenTable(engine);
        authorizationRequests = new SqlAuthorizationRequestTable(engine);
        consents = new SqlConsentTable(engine);
        signingKeys = new SqlSigningKeyTable(engine);
        users = new SqlUserAccountTable(engine);
        throttles = new SqlThrottleTable(engine);
        auditLog = new SqlAuditLogTable(engine);
    }

    /** The engine that it runs on, for tests of engines. */
    public SqlEngine engine() {
        return engine;
    }

    @Override
    public ClientTable clients() {
        return clients;
    }

    @Override
    public AuthorizationTable authorizations() {
        return authorizations;
    }

    @Override
    public AuthorizationCodeTable authorizationCodes() {
        return authorizationCodes;
    }

    @Override
    public AccessTokenTable accessTokens() {
        return accessTokens;
    }

    @Override
    public RefreshTokenTable refreshTokens() {
        return refreshTokens;
    }

    @Override
    public DeviceCodeTable deviceCodes() {
        return deviceCodes;
    }

    @Override
    public IdTokenTable idTokens() {
        return idTokens;
    }

    @Override
    public AuthorizationRequestTable authorizationRequests() {
        return authorizationRequests;
    }

    @Override
    public ConsentTable consents() {
        return consents;
    }

    @Override
    public SigningKeyTable signingKeys() {
        return signingKeys;
    }

    @Override
    public UserAccountTable users() {
        return users;
    }

    @Override
    public ThrottleTable throttles() {
        return throttles;
    }

    @Override
    public AuditLogTable auditLog() {
        return auditLog;
    }

    /** A table of rows. */
    SqlTable<?> table(TableName name) {
        return switch (name) {
            case CLIENTS -> clients;
            case AUTHORIZATIONS -> authorizations;
            case AUTHORIZATION_CODES -> authorizationCodes;
            case ACCESS_TOKENS -> accessTokens;
            case REFRESH_TOKENS -> refreshTokens;
            case DEVICE_CODES -> deviceCodes;
            case ID_TOKENS -> idTokens;
            case AUTHORIZATION_REQUESTS -> authorizationRequests;
            case CONSENTS -> consents;
            case SIGNING_KEYS -> signingKeys;
            case USERS -> users;
            case THROTTLES -> throw new IllegalArgumentException(name + " holds no rows");
            case AUDIT_LOG -> auditLog;
        };
    }

    @Override
    public UnitOfWork unitOfWork(Attempt attempt) {
        return new SqlUnitOfWork(this, attempt);
    }

    @Override
    public CompletableFuture<Purged> purge(Instant before, int limit, Attempt attempt, RayId rayId) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(attempt, "attempt");
        try {
            Arguments.purgeLimit(limit, Objects.requireNonNull(rayId, "rayId"));
        } catch (InvalidRowException refused) {
            return engine.listening().refused("purge", null, rayId, refused);
        }
        return engine.listening()
                .whole("purge", null, rayId, new SqlPurge(authorizations, before, limit, attempt, rayId).run());
    }

    @Override
    public CompletableFuture<Set<String>> keysInUse(Instant at, RayId rayId) {
        SqlQuery<String> query =
                SqlQuery.of(KEYS_IN_USE, row -> SqlValues.of(row).text(), SqlValues.floorMillis(at));
        return scan("keysInUse", query, keys -> keys.stream().collect(Collectors.toUnmodifiableSet()), rayId);
    }

    @Override
    public CompletableFuture<Map<TableName, Long>> rowCounts(RayId rayId) {
        SqlQuery<RowCount> query = SqlQuery.of(ROW_COUNTS, RowCount::map);
        return scan(
                "rowCounts",
                query,
                counts -> counts.stream().collect(Collectors.toUnmodifiableMap(RowCount::table, RowCount::rows)),
                rayId);
    }

    private <Q, R> CompletableFuture<R> scan(
            String operation, SqlQuery<Q> query, Function<List<Q>, R> answer, RayId rayId) {
        SqlRead<Q, R> read = new SqlRead<>(
                query, answer, SqlRead.Reach.TABLES, rayId, engine.listening().future(operation, null, rayId));
        engine.read(List.of(read));
        return read.future();
    }

    private record RowCount(TableName table, long rows) {

        static RowCount map(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new RowCount(TableName.valueOf(values.text()), values.number());
        }
    }

    @Override
    public CompletableFuture<Health> health(RayId rayId) {
        return engine.listening().whole("health", null, rayId, engine.health(Objects.requireNonNull(rayId, "rayId")));
    }

    @Override
    public CompletableFuture<Migration> migrate(RayId rayId) {
        return engine.listening().whole("migrate", null, rayId, engine.migrate(Objects.requireNonNull(rayId, "rayId")));
    }

    @Override
    public Guarantees guarantees() {
        return engine.guarantees();
    }

    @Override
    public void close() {
        engine.close();
    }
}
