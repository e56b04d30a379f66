package io.qscope.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A registered client (RFC 6749 §2).
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param clientIdentifier the public {@code client_id}, unique
 * @param clientSecret the secret, hashed; none for a public client
 * @param previousClientSecret the secret before, accepted while the new one is rolled out
 * @param previousClientSecretExpiresAt until when the previous secret is accepted
 * @param isConfidential whether the client can keep a secret (RFC 6749 §2.1)
 * @param redirectUris where an authorization response may be sent, compared exactly (RFC 9700 §2.1)
 * @param grantTypes the grants that the client may use
 * @param scopes the scopes that the client may be granted
 * @param isEnabled whether the client may do anything at all
 * @param config lifetimes and limits; part of the client, so that the two are never half-written
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record OAuthClient(
        String id,
        long version,
        String clientIdentifier,
        @Nullable EncodedSecret clientSecret,
        @Nullable EncodedSecret previousClientSecret,
        @Nullable Instant previousClientSecretExpiresAt,
        boolean isConfidential,
        List<String> redirectUris,
        Set<String> grantTypes,
        Set<String> scopes,
        boolean isEnabled,
        ClientConfig config,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public OAuthClient {
        id = Fields.id("id", id);
        version = Fields.version(version);
        clientIdentifier = Fields.text("clientIdentifier", clientIdentifier, Limits.CLIENT_IDENTIFIER);
        previousClientSecretExpiresAt =
                Fields.optionalInstant("previousClientSecretExpiresAt", previousClientSecretExpiresAt);
        redirectUris = Fields.list("redirectUris", redirectUris, Limits.URI);
        grantTypes = Fields.set("grantTypes", grantTypes, Limits.TOKEN);
        scopes = Fields.scopes("scopes", scopes);
        Objects.requireNonNull(config, "config");
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder with empty collections. */
    public static OAuthClientBuilder builder() {
        return OAuthClientBuilder.builder()
                .redirectUris(List.of())
                .grantTypes(Set.of())
                .scopes(Set.of())
                .isEnabled(true)
                .config(ClientConfig.defaults());
    }

    /** A builder that starts from this row. */
    public OAuthClientBuilder toBuilder() {
        return OAuthClientBuilder.builder(this);
    }
}
