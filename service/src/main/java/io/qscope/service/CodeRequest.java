package io.qscope.service;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An authorization request (RFC 6749 §4.1.1) that a user has agreed to.
 *
 * @param clientIdentifier the {@code client_id}
 * @param redirectUri as sent; none when the request had none, which a client with a single registered one may do
 * @param userId who agreed
 * @param scopes what was agreed to; none or empty: all that the client may have
 * @param codeChallenge the PKCE challenge as sent (RFC 7636 §4.3)
 * @param codeChallengeMethod its method as sent; none with a challenge means {@code plain}
 * @param attributes kept with the authorization: {@code nonce}, {@code auth_time}, …; never a secret
 * @param metadata kept with the code and then with each token (audience, resource, …); never a secret
 */
public record CodeRequest(
        String clientIdentifier,
        @Nullable String redirectUri,
        String userId,
        @Nullable Set<String> scopes,
        @Nullable String codeChallenge,
        @Nullable String codeChallengeMethod,
        Map<String, Object> attributes,
        Map<String, Object> metadata) {

    /** None but the marked ones may be null. Copies the collections. */
    public CodeRequest {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(userId, "userId");
        scopes = scopes == null ? null : Collections.unmodifiableSet(new LinkedHashSet<>(scopes));
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** A builder with empty maps. */
    public static CodeRequestBuilder builder() {
        return new CodeRequestBuilder();
    }

    /** Without the challenge: by the method {@code plain} it is the verifier itself. */
    @Override
    public String toString() {
        return "code request of client " + clientIdentifier + ", redirect URI " + redirectUri + ", scopes " + scopes;
    }
}
