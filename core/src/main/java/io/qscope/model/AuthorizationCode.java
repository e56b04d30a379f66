package io.qscope.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An authorization code (RFC 6749 §4.1.2), good for one redemption.
 *
 * @param id see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param code digest of the code, unique
 * @param clientId {@link OAuthClient#id()} of its client, a foreign key
 * @param userId the user who granted it
 * @param authorizationId {@link Authorization#id()} of its root, a foreign key
 * @param redirectUri where the response went; none: the request had none (RFC 6749 §4.1.3)
 * @param scopes what was granted (RFC 6749 §3.3), in the order given
 * @param codeChallenge the PKCE challenge (RFC 7636 §4.3)
 * @param codeChallengeMethod how the challenge was made, {@code S256} or {@code plain}
 * @param expiresAt the first moment at which it is no longer good
 * @param consumedAt when it was redeemed; only {@code consume} sets it
 * @param metadata a small JSON object that the store keeps and never reads (audience, resource, {@code cnf}, …)
 * @param authorizationRevokedAt when its root was revoked; given by the store with every row read, ignored on write
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record AuthorizationCode(
        String id,
        long version,
        TokenDigest code,
        String clientId,
        String userId,
        String authorizationId,
        @Nullable String redirectUri,
        Set<String> scopes,
        @Nullable String codeChallenge,
        @Nullable String codeChallengeMethod,
        Instant expiresAt,
        @Nullable Instant consumedAt,
        Map<String, Object> metadata,
        @Nullable Instant authorizationRevokedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public AuthorizationCode {
        id = Fields.id("id", id);
        version = Fields.version(version);
        Objects.requireNonNull(code, "code");
        clientId = Fields.id("clientId", clientId);
        userId = Fields.name("userId", userId);
        authorizationId = Fields.id("authorizationId", authorizationId);
        redirectUri = redirectUri == null ? null : Fields.text("redirectUri", redirectUri, Limits.URI);
        scopes = Fields.scopes("scopes", scopes);
        codeChallenge =
                codeChallenge == null ? null : Fields.text("codeChallenge", codeChallenge, Limits.CODE_CHALLENGE);
        codeChallengeMethod = codeChallengeMethod == null
                ? null
                : Fields.text("codeChallengeMethod", codeChallengeMethod, Limits.TOKEN);
        expiresAt = Fields.instant("expiresAt", expiresAt);
        consumedAt = Fields.optionalInstant("consumedAt", consumedAt);
        metadata = Fields.json("metadata", metadata);
        authorizationRevokedAt = Fields.optionalInstant("authorizationRevokedAt", authorizationRevokedAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder with empty collections. */
    public static AuthorizationCodeBuilder builder() {
        return AuthorizationCodeBuilder.builder().scopes(Set.of()).metadata(Map.of());
    }

    /** A builder that starts from this row. */
    public AuthorizationCodeBuilder toBuilder() {
        return AuthorizationCodeBuilder.builder(this);
    }

    /** Whether it could be redeemed at that moment: its family lives, it was not consumed, and it has not expired. */
    public boolean isLive(Instant at) {
        return authorizationRevokedAt == null && consumedAt == null && at.isBefore(expiresAt);
    }

    /** Ids only: with the method {@code plain} the challenge is the verifier itself. */
    @Override
    public String toString() {
        return "AuthorizationCode[id=" + id + ", version=" + version + ", code=" + code + ", clientId=" + clientId
                + ", authorizationId=" + authorizationId + ", expiresAt=" + expiresAt + ", consumedAt=" + consumedAt
                + "]";
    }
}
