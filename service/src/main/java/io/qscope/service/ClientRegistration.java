package io.qscope.service;

import io.qscope.model.ClientConfig;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client is registered with (RFC 6749 §2). Never prints the secret.
 *
 * @param clientIdentifier the {@code client_id}, printable ASCII (RFC 6749 appendix A.1); none: one is generated
 * @param isConfidential whether the client can keep a secret (RFC 6749 §2.1)
 * @param chosenSecret the secret of a confidential client, from {@value ClientRules#LEAST_SECRET} to {@value
 *     ClientRules#MOST_SECRET} characters of printable ASCII (appendix A.2); none: one of 256 random bits is generated
 * @param redirectUris where an authorization response may be sent
 * @param grantTypes the values of {@link GrantType} that the client may use, and absolute URIs of grants that the
 *     authorization server itself knows (RFC 6749 §4.5)
 * @param scopes the scopes that the client may be granted
 * @param config lifetimes, limits and PKCE policy
 */
public record ClientRegistration(
        @Nullable String clientIdentifier,
        boolean isConfidential,
        @Nullable String chosenSecret,
        List<String> redirectUris,
        Set<String> grantTypes,
        Set<String> scopes,
        ClientConfig config) {

    /** Copies the collections, which keep their order; none but the marked fields may be null. */
    public ClientRegistration {
        redirectUris = Elements.list("redirectUris", redirectUris);
        grantTypes = Elements.set("grantTypes", grantTypes);
        scopes = Elements.set("scopes", scopes);
        Objects.requireNonNull(config, "config");
    }

    /**
     * A builder that starts from the safe defaults: a confidential client with a generated identifier and secret, {@link
     * ClientConfig#defaults()}, and no grant, scope or redirect URI.
     */
    public static ClientRegistrationBuilder builder() {
        return new ClientRegistrationBuilder();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "registration of " + (isConfidential ? "a confidential client " : "a public client ")
                + (clientIdentifier == null ? "without an identifier" : clientIdentifier) + ", redirect URIs "
                + redirectUris + ", grant types " + grantTypes + ", scopes " + scopes + ", " + config;
    }
}
