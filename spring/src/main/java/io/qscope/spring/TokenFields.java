package io.qscope.spring;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;

/**
 * All that Spring has of a token but its value.
 *
 * @param type of an access token
 * @param scopes of an access token
 * @param claims of an ID token
 * @param metadata whether it is invalidated among it
 */
record TokenFields(
        @Nullable Instant issuedAt,
        @Nullable Instant expiresAt,
        @Nullable String type,
        Set<String> scopes,
        @Nullable Map<String, @Nullable Object> claims,
        Map<String, @Nullable Object> metadata) {

    static TokenFields of(Token<?> token) {
        OAuth2Token value = token.getToken();
        OAuth2AccessToken access = value instanceof OAuth2AccessToken accessToken ? accessToken : null;
        return new TokenFields(
                value.getIssuedAt(),
                value.getExpiresAt(),
                access == null ? null : access.getTokenType().getValue(),
                access == null ? Set.of() : access.getScopes(),
                value instanceof OidcIdToken idToken ? new LinkedHashMap<>(idToken.getClaims()) : null,
                new LinkedHashMap<>(token.getMetadata()));
    }

    /** Whether it is marked as invalidated. */
    boolean isInvalidated() {
        return Boolean.TRUE.equals(metadata.get(Token.INVALIDATED_METADATA_NAME));
    }

    /** The same, and invalidated if it must be. */
    TokenFields invalidated(boolean must) {
        if (!must || isInvalidated()) {
            return this;
        }
        Map<String, @Nullable Object> marked = new LinkedHashMap<>(metadata);
        marked.put(Token.INVALIDATED_METADATA_NAME, true);
        return new TokenFields(issuedAt, expiresAt, type, scopes, claims, marked);
    }

    /** Whether both are the same but for being invalidated. */
    boolean isLike(TokenFields other) {
        return Objects.equals(issuedAt, other.issuedAt)
                && Objects.equals(expiresAt, other.expiresAt)
                && Objects.equals(type, other.type)
                && scopes.equals(other.scopes)
                && Objects.equals(claims, other.claims)
                && withoutMark(metadata).equals(withoutMark(other.metadata));
    }

    private static Map<String, @Nullable Object> withoutMark(Map<String, @Nullable Object> metadata) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(metadata);
        rest.remove(Token.INVALIDATED_METADATA_NAME);
        return rest;
    }
}
