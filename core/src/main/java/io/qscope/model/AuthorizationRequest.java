package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An authorization request that waits for its answer under a handle, good for one use: a request that a client has pushed, whose
 * handle is the {@code request_uri} (RFC 9126 §2.2), or one whose user is being asked for consent.
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param handle digest of the handle, unique
 * @param clientId {@link OAuthClient#id()} of its client, a foreign key
 * @param userId the user who is being asked; none: nobody has signed in yet
 * @param authorizationId {@link Authorization#id()} of its root, a foreign key
 * @param parameters a small JSON object that the store keeps and never reads: the parameters of the request
 * @param expiresAt the first moment at which it is no longer good
 * @param consumedAt when it was used; only {@code consume} sets it
 * @param authorizationRevokedAt when its root was revoked; given by the store with every row read, ignored on write
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record AuthorizationRequest(
        String id,
        long version,
        TokenDigest handle,
        String clientId,
        @Nullable String userId,
        String authorizationId,
        Map<String, Object> parameters,
        Instant expiresAt,
        @Nullable Instant consumedAt,
        @Nullable Instant authorizationRevokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public AuthorizationRequest {
        id = Fields.id("id", id);
        version = Fields.version(version);
        Objects.requireNonNull(handle, "handle");
        clientId = Fields.id("clientId", clientId);
        userId = Fields.optionalName("userId", userId);
        authorizationId = Fields.id("authorizationId", authorizationId);
        parameters = Fields.json("parameters", parameters);
        expiresAt = Fields.instant("expiresAt", expiresAt);
        consumedAt = Fields.optionalInstant("consumedAt", consumedAt);
        authorizationRevokedAt = Fields.optionalInstant("authorizationRevokedAt", authorizationRevokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder without parameters. */
    public static AuthorizationRequestBuilder builder() {
        return AuthorizationRequestBuilder.builder().parameters(Map.of());
    }

    /** A builder that starts from this row. */
    public AuthorizationRequestBuilder toBuilder() {
        return AuthorizationRequestBuilder.builder(this);
    }

    /** Whether it could be used at that moment: its family lives, it was not consumed, and it has not expired. */
    public boolean isLive(Instant at) {
        return authorizationRevokedAt == null && consumedAt == null && at.isBefore(expiresAt);
    }

    /** Ids only: parameters may hold a token or a code verifier. */
    @Override
    public String toString() {
        return "AuthorizationRequest[id=" + id + ", version=" + version + ", handle=" + handle + ", clientId="
                + clientId
                + ", authorizationId=" + authorizationId + ", expiresAt=" + expiresAt + ", consumedAt=" + consumedAt
                + "]";
    }
}
