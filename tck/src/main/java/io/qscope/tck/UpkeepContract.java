package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Authorization;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.TokenDigest;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import io.qscope.store.Storage;
import io.qscope.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a storage tells of itself: keys in use, health, its schema's version. */
abstract class UpkeepContract extends ContractGroup {

    UpkeepContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void plainDigestsUseNoKey() {
        Storage own = empty();
        rows(own).storedAccessToken();

        assertThat(keysInUse(own, NOW)).isEmpty();
    }

    @Test
    void theKeysOfLiveRowsAreInUseUntilTheyExpire() {
        Storage own = empty();
        Rows rows = rows(own);
        Authorization root = rows.storedAuthorization();
        rows.stored(rows.code(root).toBuilder().code(keyed(rows, "code")).build());
        rows.stored(
                rows.accessToken(root).toBuilder().token(keyed(rows, "access")).build());
        rows.stored(rows.refreshToken(root).toBuilder()
                .token(keyed(rows, "refresh"))
                .build());
        rows.stored(rows.deviceCode(root).toBuilder()
                .deviceCode(keyed(rows, "device"))
                .userCode(keyed(rows, "user"))
                .build());
        rows.stored(rows.idToken(root).toBuilder().token(keyed(rows, "id")).build());
        rows.stored(rows.authorizationRequest(root).toBuilder()
                .handle(keyed(rows, "request"))
                .build());

        assertThat(keysInUse(own, EXPIRY.minusMillis(1)))
                .containsExactlyInAnyOrder("code", "access", "refresh", "device", "user", "id", "request");
        assertThat(keysInUse(own, EXPIRY)).isEmpty();
    }

    @Test
    void theKeysOfConsumedRotatedAndRevokedRowsAreNotInUse() {
        Storage own = empty();
        Rows rows = rows(own);
        Authorization root = rows.storedAuthorization();
        rows.stored(rows.code(root).toBuilder()
                .code(keyed(rows, "code"))
                .consumedAt(NOW)
                .build());
        rows.stored(rows.accessToken(root).toBuilder()
                .token(keyed(rows, "access"))
                .revokedAt(NOW)
                .build());
        rows.stored(rows.authorizationRequest(root).toBuilder()
                .handle(keyed(rows, "request"))
                .consumedAt(NOW)
                .build());
        rows.stored(rows.refreshToken(root).toBuilder()
                .token(keyed(rows, "revoked"))
                .revokedAt(NOW)
                .build());
        rows.stored(rows.refreshToken(root).toBuilder()
                .token(keyed(rows, "rotated"))
                .rotatedAt(NOW)
                .build());
        for (DeviceCodeState state : DeviceCodeState.values()) {
            rows.stored(rows.deviceCode(root).toBuilder()
                    .userCode(keyed(rows, state.name()))
                    .state(state)
                    .build());
        }

        // By a used code or request or a rotated token a replay is known, as long as its family and it itself could be
        // live.
        assertThat(keysInUse(own, NOW)).containsExactlyInAnyOrder("PENDING", "APPROVED", "code", "request", "rotated");
        assertThat(keysInUse(own, EXPIRY)).isEmpty();
    }

    @Test
    void theKeysOfARevokedFamilyAreNotInUse() {
        Storage own = empty();
        Rows rows = rows(own);
        Authorization root = rows.storedAuthorization();
        rows.stored(
                rows.accessToken(root).toBuilder().token(keyed(rows, "family")).build());
        rows.stored(rows.idToken(root).toBuilder().token(keyed(rows, "id")).build());
        rows.stored(rows.authorizationRequest(root).toBuilder()
                .handle(keyed(rows, "request"))
                .build());
        rows.stored(rows.accessToken(rows.storedClient()).toBuilder()
                .token(keyed(rows, "alone"))
                .build());
        rows.stored(rows.refreshToken(rows.storedAuthorization()).toBuilder()
                .token(keyed(rows, "forever"))
                .expiresAt(null)
                .build());
        await(own.authorizations().revoke(root.id(), attempt(NOW), ray()));

        assertThat(keysInUse(own, NOW)).containsExactlyInAnyOrder("alone", "forever");
        assertThat(keysInUse(own, EXPIRY)).containsExactly("forever");
    }

    @Test
    void theKeysOfThrottlesDoNotCount() {
        Storage own = empty();
        await(own.throttles().count(keyed(rows(own), "throttle"), Duration.ofDays(1), attempt(NOW), ray()));

        assertThat(keysInUse(own, NOW)).isEmpty();
    }

    @Test
    void theRowsOfEachTableAreCounted() {
        Storage own = empty();
        Rows rows = rows(own);
        assertThat(await(own.rowCounts(ray())))
                .containsOnlyKeys(TableName.values())
                .allSatisfy((table, count) -> assertThat(count).as("%s", table).isZero());
        Authorization root = rows.storedAuthorization();
        rows.stored(rows.refreshToken(root));
        rows.stored(rows.refreshToken(root));
        rows.stored(rows.idToken(root));
        rows.stored(rows.authorizationRequest(root));
        await(own.throttles().count(rows.digest(), Duration.ofDays(1), attempt(NOW), ray()));
        await(own.auditLog().insert(rows.auditLog(), ray()));

        assertThat(await(own.rowCounts(ray())))
                .containsEntry(TableName.CLIENTS, 1L)
                .containsEntry(TableName.AUTHORIZATIONS, 1L)
                .containsEntry(TableName.REFRESH_TOKENS, 2L)
                .containsEntry(TableName.ACCESS_TOKENS, 0L)
                .containsEntry(TableName.ID_TOKENS, 1L)
                .containsEntry(TableName.AUTHORIZATION_REQUESTS, 1L)
                .containsEntry(TableName.THROTTLES, 1L)
                .containsEntry(TableName.AUDIT_LOG, 1L);
    }

    @Test
    void aStorageSaysThatItIsHealthyAndWhatItIs() {
        Health health = await(storage().health(ray()));

        assertThat(health.engine()).isNotBlank();
        assertThat(health.latency()).isBetween(Duration.ZERO, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    @Test
    void migratingAgainHasNothingLeftToDo() {
        Storage own = empty();
        Migration first = await(own.migrate(ray()));

        assertThat(await(own.migrate(ray()))).isEqualTo(new Migration(first.to(), first.to(), 0));
        assertThat(await(own.health(ray())).schemaVersion()).isEqualTo(first.to());
    }

    private static Set<String> keysInUse(Storage own, Instant at) {
        return await(own.keysInUse(at, ray()));
    }

    private static TokenDigest keyed(Rows rows, String keyId) {
        return TokenDigest.of(rows.digest().bytes(), keyId);
    }
}
