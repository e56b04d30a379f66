package io.qscope.spring;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.IdToken;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one authorization of Spring's consists of, as they were read.
 *
 * @param root the root
 * @param rows what its root named and was there
 */
record Family(Authorization root, Map<Slot, Row> rows) {

    Family {
        rows = Map.copyOf(rows);
    }

    @Nullable
    AuthorizationRequest request() {
        return (AuthorizationRequest) rows.get(Slot.REQUEST);
    }

    @Nullable
    AuthorizationCode code() {
        return (AuthorizationCode) rows.get(Slot.CODE);
    }

    @Nullable
    AccessToken accessToken() {
        return (AccessToken) rows.get(Slot.ACCESS_TOKEN);
    }

    @Nullable
    RefreshToken refreshToken() {
        return (RefreshToken) rows.get(Slot.REFRESH_TOKEN);
    }

    @Nullable
    IdToken idToken() {
        return (IdToken) rows.get(Slot.ID_TOKEN);
    }

    @Nullable
    DeviceCode deviceCode() {
        return (DeviceCode) rows.get(Slot.DEVICE_CODE);
    }

    /** Whether the family is revoked, as its root or a row that was read later or earlier says. */
    boolean isRevoked(@Nullable Object rootsMarkOnRow) {
        return root.revokedAt() != null || rootsMarkOnRow != null;
    }

    boolean isSpent(AuthorizationCode row) {
        return isRevoked(row.authorizationRevokedAt()) || row.consumedAt() != null;
    }

    boolean isSpent(AccessToken row) {
        return isRevoked(row.authorizationRevokedAt()) || row.revokedAt() != null;
    }

    boolean isSpent(RefreshToken row) {
        return isRevoked(row.authorizationRevokedAt()) || row.revokedAt() != null || row.rotatedAt() != null;
    }

    boolean isDeviceCodeSpent(DeviceCode row) {
        return isRevoked(row.authorizationRevokedAt())
                || row.state() == DeviceCodeState.CONSUMED
                || row.state() == DeviceCodeState.DENIED;
    }

    boolean isUserCodeSpent(DeviceCode row) {
        return isRevoked(row.authorizationRevokedAt()) || row.state() != DeviceCodeState.PENDING;
    }
}
