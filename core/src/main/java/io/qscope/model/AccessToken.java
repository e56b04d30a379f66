package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An access token (RFC 6749 §1.4).
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param token digest of the token, unique
 * @param clientId {@link OAuthClient#id()} of its client, a foreign key
 * @param userId the user it speaks for; none: the client itself
 * @param authorizationId {@link Authorization#id()} of its root, a foreign key; none: it stands alone, as for client credentials
 * @param refreshTokenId the refresh token that it came with; no foreign key
 * @param scopes what was granted (RFC 6749 §3.3), in the order given
 * @param expiresAt the first moment at which it is no longer good
 * @param revokedAt when it was revoked itself; only {@code revoke…} sets it
 * @param metadata a small JSON object that the store keeps and never reads (audience, resource, {@code cnf}, …)
 * @param authorizationRevokedAt when its root was revoked; given by the store with every row read, ignored on write
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record AccessToken(
        String id,
        long version,
        TokenDigest token,
        String clientId,
        @Nullable String userId,
        @Nullable String authorizationId,
        @Nullable String refreshTokenId,
        Set<String> scopes,
        Instant expiresAt,
        @Nullable Instant revokedAt,
        Map<String, Object> metadata,
        @Nullable Instant authorizationRevokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public AccessToken {
        id = Fields.id("id", id);
        version = Fields.version(version);
        Objects.requireNonNull(token, "token");
        clientId = Fields.id("clientId", clientId);
        userId = Fields.optionalName("userId", userId);
        authorizationId = Fields.optionalId("authorizationId", authorizationId);
        refreshTokenId = Fields.optionalId("refreshTokenId", refreshTokenId);
        scopes = Fields.scopes("scopes", scopes);
        expiresAt = Fields.instant("expiresAt", expiresAt);
        revokedAt = Fields.optionalInstant("revokedAt", revokedAt);
        metadata = Fields.json("metadata", metadata);
        authorizationRevokedAt = Fields.optionalInstant("authorizationRevokedAt", authorizationRevokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder with empty collections. */
    public static AccessTokenBuilder builder() {
        return AccessTokenBuilder.builder().scopes(Set.of()).metadata(Map.of());
    }

    /** A builder that starts from this row. */
    public AccessTokenBuilder toBuilder() {
        return AccessTokenBuilder.builder(this);
    }

    /** Whether it is good at that moment: neither it nor its family was revoked, and it has not expired. */
    public boolean isLive(Instant at) {
        return authorizationRevokedAt == null && revokedAt == null && at.isBefore(expiresAt);
    }
}
