package io.qscope.sql;

import io.qscope.engine.Arguments;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.PollOutcome;
import io.qscope.store.TableName;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code oauth_device_codes}. Transitions have a class of their own: {@link SqlDeviceTransitions}. */
final class SqlDeviceCodeTable extends SqlFamilyTable<DeviceCode> implements DeviceCodeTable {

    /** The columns of {@link #read}, of the row {@code t} with its root {@code r}. */
    static final String COLUMNS = """
            t.id, t.version, t.device_code, t.device_code_key_id, t.user_code, t.user_code_key_id, t.client_id,
            t.user_id, t.authorization_id, t.scopes, t.expires_at, t.poll_interval, t.state, t.last_polled_at,
            t.metadata, r.revoked_at, t.created_at, t.created_by, t.updated_at, t.updated_by""";

    /** Where {@link #COLUMNS} come from. */
    static final String FROM = """

              FROM oauth_device_codes t JOIN oauth_authorizations r ON r.id = t.authorization_id
            """;

    private static final String BY_ID = "SELECT " + COLUMNS + FROM + " WHERE t.id = $1";

    private static final String BY_DEVICE_CODE = "SELECT " + COLUMNS + FROM + " WHERE t.device_code = $1";

    private static final String BY_USER_CODE = "SELECT " + COLUMNS + FROM + " WHERE t.user_code = $1";

    private static final String FAMILY_BY_DEVICE_CODE = SqlFamily.by(SqlFamily.DEVICE_CODE, "device_code");

    private static final String FAMILY_BY_USER_CODE = SqlFamily.by(SqlFamily.DEVICE_CODE, "user_code");

    private static final String OF_FAMILY = inFamily("SELECT " + COLUMNS + FROM);

    private static final String INSERT = """
            INSERT INTO oauth_device_codes (id, version, device_code, device_code_key_id, user_code, user_code_key_id,
                   client_id, user_id, authorization_id, scopes, expires_at, poll_interval, state, last_polled_at,
                   metadata, created_at, created_by, updated_at, updated_by)
            SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
             WHERE\s""" + newRootIsLive("$8");

    private static final String UPDATE = """
            UPDATE oauth_device_codes
               SET version = version + 1, scopes = $3, expires_at = $4, metadata = $5, updated_at = $6, updated_by = $7
             WHERE id = $1 AND version = $2 AND device_code = $8 AND device_code_key_id IS NOT DISTINCT FROM $9
               AND user_code = $10 AND user_code_key_id IS NOT DISTINCT FROM $11 AND client_id = $12
               AND user_id IS NOT DISTINCT FROM $13 AND authorization_id = $14 AND poll_interval = $15 AND state = $16
               AND last_polled_at IS NOT DISTINCT FROM $17 AND created_at = $18 AND created_by = $19""";

    private static final String DELETE = "DELETE FROM oauth_device_codes WHERE id = $1";

    SqlDeviceCodeTable(SqlEngine engine) {
        super(TableName.DEVICE_CODES, engine);
    }

    @Override
    public CompletableFuture<Optional<DeviceCode>> getByDeviceCode(TokenDigest deviceCode, RayId rayId) {
        return readOne(
                "getByDeviceCode", SqlQuery.of(BY_DEVICE_CODE, SqlDeviceCodeTable::map, deviceCode.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<DeviceCode>> getByUserCode(TokenDigest userCode, RayId rayId) {
        return readOne("getByUserCode", SqlQuery.of(BY_USER_CODE, SqlDeviceCodeTable::map, userCode.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamilyByDeviceCode(TokenDigest deviceCode, RayId rayId) {
        return readOne(
                "getFamilyByDeviceCode", SqlQuery.of(FAMILY_BY_DEVICE_CODE, SqlFamily::map, deviceCode.bytes()), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamilyByUserCode(TokenDigest userCode, RayId rayId) {
        return readOne(
                "getFamilyByUserCode", SqlQuery.of(FAMILY_BY_USER_CODE, SqlFamily::map, userCode.bytes()), rayId);
    }

    @Override
    public CompletableFuture<DecisionOutcome> approve(
            TokenDigest userCode, String userId, Attempt attempt, RayId rayId) {
        return checked(
                "approve",
                ray -> Arguments.userId(userId, ray),
                () -> SqlDeviceTransitions.approving(userCode, userId, attempt),
                rayId);
    }

    @Override
    public CompletableFuture<DecisionOutcome> deny(TokenDigest userCode, Attempt attempt, RayId rayId) {
        return write("deny", SqlDeviceTransitions.denying(userCode, attempt), rayId);
    }

    @Override
    public CompletableFuture<PollOutcome> poll(TokenDigest deviceCode, Attempt attempt, RayId rayId) {
        return write("poll", SqlDeviceTransitions.polling(deviceCode, attempt), rayId);
    }

    @Override
    public CompletableFuture<ConsumeOutcome<DeviceCode>> consume(TokenDigest deviceCode, Attempt attempt, RayId rayId) {
        return write("consume", SqlDeviceTransitions.consuming(deviceCode, attempt), rayId);
    }

    @Override
    SqlQuery<DeviceCode> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlDeviceCodeTable::map, id);
    }

    @Override
    SqlQuery<DeviceCode> listingFamily(String authorizationId, String after, long limit) {
        return SqlQuery.of(OF_FAMILY, SqlDeviceCodeTable::map, authorizationId, after, limit);
    }

    @Override
    SqlWrite<Void> inserting(DeviceCode row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.deviceCode().bytes(),
                row.deviceCode().keyId(),
                row.userCode().bytes(),
                row.userCode().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.expiresAt()),
                SqlValues.seconds(row.interval()),
                row.state().name(),
                SqlValues.millis(row.lastPolledAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, row.clientId(), row.authorizationId(), step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(DeviceCode row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                SqlValues.scopes(row.scopes()),
                SqlValues.millis(row.expiresAt()),
                Json.object(row.metadata()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.deviceCode().bytes(),
                row.deviceCode().keyId(),
                row.userCode().bytes(),
                row.userCode().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                SqlValues.seconds(row.interval()),
                row.state().name(),
                SqlValues.millis(row.lastPolledAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    static DeviceCode map(SqlRow row) {
        return read(SqlValues.of(row));
    }

    static DeviceCode read(SqlValues values) {
        return DeviceCode.builder()
                .id(values.text())
                .version(values.number())
                .deviceCode(values.digest())
                .userCode(values.digest())
                .clientId(values.text())
                .userId(values.optionalText())
                .authorizationId(values.text())
                .scopes(values.scopes())
                .expiresAt(values.instant())
                .interval(values.duration())
                .state(DeviceCodeState.valueOf(values.text()))
                .lastPolledAt(values.optionalInstant())
                .metadata(values.object())
                .authorizationRevokedAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
