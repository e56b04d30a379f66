package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user, or a client for itself, granted once: the root of a family. Every code and token descends from one and
 * is live only while its root is, so revoking a family is one mark on one row, whatever the family's size.
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param clientId {@link OAuthClient#id()} of its client, a foreign key
 * @param userId the user who granted it; none when a client acts for itself, or before a device code is approved
 * @param scopes what was granted (RFC 6749 §3.3), in the order given
 * @param attributes a small JSON object: nonce, auth_time, …
 * @param revokedAt when the family was revoked; only {@code revoke…} sets it
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record Authorization(
        String id,
        long version,
        String clientId,
        @Nullable String userId,
        Set<String> scopes,
        Map<String, Object> attributes,
        @Nullable Instant revokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public Authorization {
        id = Fields.id("id", id);
        version = Fields.version(version);
        clientId = Fields.id("clientId", clientId);
        userId = Fields.optionalName("userId", userId);
        scopes = Fields.scopes("scopes", scopes);
        attributes = Fields.json("attributes", attributes);
        revokedAt = Fields.optionalInstant("revokedAt", revokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder with empty collections. */
    public static AuthorizationBuilder builder() {
        return AuthorizationBuilder.builder().scopes(Set.of()).attributes(Map.of());
    }

    /** A builder that starts from this row. */
    public AuthorizationBuilder toBuilder() {
        return AuthorizationBuilder.builder(this);
    }

    /** Whether the family is not revoked. */
    public boolean isLive() {
        return revokedAt == null;
    }
}
