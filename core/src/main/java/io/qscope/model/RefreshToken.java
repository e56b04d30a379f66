package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A refresh token (RFC 6749 §1.5), rotated at each use (RFC 9700 §4.14).
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param token digest of the token, unique
 * @param clientId {@link OAuthClient#id()} of its client, a foreign key
 * @param userId the user it speaks for; none: the client itself
 * @param authorizationId {@link Authorization#id()} of its root, a foreign key
 * @param predecessorId the refresh token that it replaced; no foreign key
 * @param scopes what was granted (RFC 6749 §3.3), in the order given
 * @param expiresAt the first moment at which it is no longer good; none: until revoked
 * @param rotatedAt when it was first rotated; only {@code rotate} sets it
 * @param graceUses how often it was rotated again within the grace; only {@code rotate} counts it
 * @param revokedAt when it was revoked itself; only {@code revoke…} sets it
 * @param metadata a small JSON object that the store keeps and never reads (audience, resource, {@code cnf}, …)
 * @param authorizationRevokedAt when its root was revoked; given by the store with every row read, ignored on write
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record RefreshToken(
        String id,
        long version,
        TokenDigest token,
        String clientId,
        @Nullable String userId,
        String authorizationId,
        @Nullable String predecessorId,
        Set<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Instant rotatedAt,
        int graceUses,
        @Nullable Instant revokedAt,
        Map<String, Object> metadata,
        @Nullable Instant authorizationRevokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public RefreshToken {
        id = Fields.id("id", id);
        version = Fields.version(version);
        Objects.requireNonNull(token, "token");
        clientId = Fields.id("clientId", clientId);
        userId = Fields.optionalName("userId", userId);
        authorizationId = Fields.id("authorizationId", authorizationId);
        predecessorId = Fields.optionalId("predecessorId", predecessorId);
        scopes = Fields.scopes("scopes", scopes);
        expiresAt = Fields.optionalInstant("expiresAt", expiresAt);
        rotatedAt = Fields.optionalInstant("rotatedAt", rotatedAt);
        graceUses = nonNegative(graceUses);
        revokedAt = Fields.optionalInstant("revokedAt", revokedAt);
        metadata = Fields.json("metadata", metadata);
        authorizationRevokedAt = Fields.optionalInstant("authorizationRevokedAt", authorizationRevokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder with empty collections. */
    public static RefreshTokenBuilder builder() {
        return RefreshTokenBuilder.builder().scopes(Set.of()).metadata(Map.of());
    }

    /** A builder that starts from this row. */
    public RefreshTokenBuilder toBuilder() {
        return RefreshTokenBuilder.builder(this);
    }

    /**
     * Whether it could be rotated for the first time at that moment: neither it nor its family was revoked, it was not
     * rotated, and it has not expired.
     */
    public boolean isLive(Instant at) {
        return authorizationRevokedAt == null
                && revokedAt == null
                && rotatedAt == null
                && (expiresAt == null || at.isBefore(expiresAt));
    }

    private static int nonNegative(int uses) {
        if (uses < 0) {
            throw Fields.refused("graceUses", "must not be negative");
        }
        return uses;
    }
}
