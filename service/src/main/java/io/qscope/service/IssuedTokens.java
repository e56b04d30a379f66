package io.qscope.service;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A successful token response (RFC 6749 §5.1), and what an authorization server wants to know beside it to make an ID token of
 * its own. The only place where the tokens stand in plain text; it does not print them.
 *
 * @param accessToken the access token, of type {@code Bearer} (RFC 6750)
 * @param expiresIn how long it lives
 * @param refreshToken the refresh token; none where the client is given none
 * @param scopes what was granted, in the order given
 * @param clientIdentifier the client's {@code client_id}
 * @param userId whom it speaks for; none: the client itself
 * @param authorizationId the family; none: the token stands alone
 * @param accessTokenId the row of the access token, which a JWT may carry as its {@code jti}
 * @param metadata what is stored with the access token (audience, resource, …)
 */
public record IssuedTokens(
        String accessToken,
        Duration expiresIn,
        @Nullable String refreshToken,
        Set<String> scopes,
        String clientIdentifier,
        @Nullable String userId,
        @Nullable String authorizationId,
        String accessTokenId,
        Map<String, Object> metadata) {

    /** The value of {@code token_type} (RFC 6750). */
    public static final String TOKEN_TYPE = "Bearer";

    /** Without the tokens. */
    @Override
    public String toString() {
        return "tokens for client " + clientIdentifier + ", scopes " + scopes + ", authorization " + authorizationId;
    }
}
