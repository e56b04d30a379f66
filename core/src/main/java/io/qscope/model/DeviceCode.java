package io.qscope.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A device code and its user code (RFC 8628 §3.2).
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param deviceCode digest of the device code, unique
 * @param userCode digest of the user code, unique
 * @param clientId {@link OAuthClient#id()} of its client, a foreign key
 * @param userId who approved it; only {@code approve} sets it
 * @param authorizationId {@link Authorization#id()} of its root, a foreign key
 * @param scopes what was granted (RFC 6749 §3.3), in the order given
 * @param expiresAt the first moment at which it is no longer good
 * @param interval how long the device waits between two polls; {@code poll} adds five seconds when it does not (RFC 8628 §3.5)
 * @param state where it stands; only transitions change it
 * @param lastPolledAt when the device last asked; only {@code poll} sets it
 * @param metadata a small JSON object that the store keeps and never reads (audience, resource, …)
 * @param authorizationRevokedAt when its root was revoked; given by the store with every row read, ignored on write
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record DeviceCode(
        String id,
        long version,
        TokenDigest deviceCode,
        TokenDigest userCode,
        String clientId,
        @Nullable String userId,
        String authorizationId,
        Set<String> scopes,
        Instant expiresAt,
        Duration interval,
        DeviceCodeState state,
        @Nullable Instant lastPolledAt,
        Map<String, Object> metadata,
        @Nullable Instant authorizationRevokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public DeviceCode {
        id = Fields.id("id", id);
        version = Fields.version(version);
        Objects.requireNonNull(deviceCode, "deviceCode");
        Objects.requireNonNull(userCode, "userCode");
        clientId = Fields.id("clientId", clientId);
        userId = Fields.optionalName("userId", userId);
        authorizationId = Fields.id("authorizationId", authorizationId);
        scopes = Fields.scopes("scopes", scopes);
        expiresAt = Fields.instant("expiresAt", expiresAt);
        interval = Fields.seconds("interval", interval);
        Objects.requireNonNull(state, "state");
        lastPolledAt = Fields.optionalInstant("lastPolledAt", lastPolledAt);
        metadata = Fields.json("metadata", metadata);
        authorizationRevokedAt = Fields.optionalInstant("authorizationRevokedAt", authorizationRevokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder with empty collections. */
    public static DeviceCodeBuilder builder() {
        return DeviceCodeBuilder.builder()
                .scopes(Set.of())
                .interval(Duration.ofSeconds(5))
                .state(DeviceCodeState.PENDING)
                .metadata(Map.of());
    }

    /** A builder that starts from this row. */
    public DeviceCodeBuilder toBuilder() {
        return DeviceCodeBuilder.builder(this);
    }

    /** Whether it still leads somewhere at that moment: pending or approved, its family lives, and it has not expired. */
    public boolean isLive(Instant at) {
        return authorizationRevokedAt == null
                && (state == DeviceCodeState.PENDING || state == DeviceCodeState.APPROVED)
                && at.isBefore(expiresAt);
    }
}
