package io.qscope.model;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user lets a client have until they take it back: the answer that a server need not ask for again. It is no grant
 * itself; what is granted on its strength is an {@link Authorization}.
 *
 * <p>A user has at most one consent for a client that is not revoked. A revoked one stays as history and is never revived:
 * who consents anew gets a new row.
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param clientId {@link OAuthClient#id()} of the client, a foreign key
 * @param userId the user who consents
 * @param scopes what the client may have (RFC 6749 §3.3), in the order given
 * @param revokedAt when the user took it back; only {@code revoke} sets it
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record Consent(
        String id,
        long version,
        String clientId,
        String userId,
        Set<String> scopes,
        @Nullable Instant revokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public Consent {
        id = Fields.id("id", id);
        version = Fields.version(version);
        clientId = Fields.id("clientId", clientId);
        userId = Fields.name("userId", userId);
        scopes = Fields.scopes("scopes", scopes);
        revokedAt = Fields.optionalInstant("revokedAt", revokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder without scopes. */
    public static ConsentBuilder builder() {
        return ConsentBuilder.builder().scopes(Set.of());
    }

    /** A builder that starts from this row. */
    public ConsentBuilder toBuilder() {
        return ConsentBuilder.builder(this);
    }

    /** Whether the user has not taken it back. */
    public boolean isLive() {
        return revokedAt == null;
    }
}
