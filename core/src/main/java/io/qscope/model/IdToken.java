package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An ID token (OpenID Connect Core 1.0 §2), so that one presented again is known: as {@code id_token_hint} at logout (OpenID
 * Connect RP-Initiated Logout 1.0 §2), and by its claims when tokens are refreshed (Core §12.2). It is revoked with its family,
 * and in no other way. Of one that is stored only the metadata may change.
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param token digest of the token, unique
 * @param clientId {@link OAuthClient#id()} of its client, a foreign key
 * @param userId the user it speaks of
 * @param authorizationId {@link Authorization#id()} of its root, a foreign key
 * @param expiresAt the first moment at which it is no longer good
 * @param metadata a small JSON object that the store keeps and never reads: its claims, above all
 * @param authorizationRevokedAt when its root was revoked; given by the store with every row read, ignored on write
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record IdToken(
        String id,
        long version,
        TokenDigest token,
        String clientId,
        String userId,
        String authorizationId,
        Instant expiresAt,
        Map<String, Object> metadata,
        @Nullable Instant authorizationRevokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public IdToken {
        id = Fields.id("id", id);
        version = Fields.version(version);
        Objects.requireNonNull(token, "token");
        clientId = Fields.id("clientId", clientId);
        userId = Fields.name("userId", userId);
        authorizationId = Fields.id("authorizationId", authorizationId);
        expiresAt = Fields.instant("expiresAt", expiresAt);
        metadata = Fields.json("metadata", metadata);
        authorizationRevokedAt = Fields.optionalInstant("authorizationRevokedAt", authorizationRevokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder with empty metadata. */
    public static IdTokenBuilder builder() {
        return IdTokenBuilder.builder().metadata(Map.of());
    }

    /** A builder that starts from this row. */
    public IdTokenBuilder toBuilder() {
        return IdTokenBuilder.builder(this);
    }

    /** Whether it is good at that moment: its family was not revoked, and it has not expired. */
    public boolean isLive(Instant at) {
        return authorizationRevokedAt == null && at.isBefore(expiresAt);
    }

    /** Ids only: claims tell who somebody is. */
    @Override
    public String toString() {
        return "IdToken[id=" + id + ", version=" + version + ", token=" + token + ", clientId=" + clientId
                + ", authorizationId=" + authorizationId + ", expiresAt=" + expiresAt + "]";
    }
}
