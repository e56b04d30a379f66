package io.qscope.model;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client's lifetimes, limits and PKCE policy. Durations are whole seconds, from 1 to 2,147,483,647.
 *
 * @param responseTypes the response types that the client may ask for (RFC 6749 §3.1.1)
 * @param requirePkce whether a code challenge must be sent (RFC 7636)
 * @param pkceMethods the code challenge methods accepted (RFC 7636 §4.2)
 * @param accessTokenTtl how long an access token lives
 * @param refreshTokenTtl how long a refresh token lives; none: until revoked
 * @param authorizationCodeTtl how long an authorization code lives (RFC 6749 §4.1.2: ten minutes at most)
 * @param maxActiveAccessTokens most live access tokens for a user of this client, at least 1; none: no limit
 * @param maxActiveRefreshTokens most live refresh tokens for a user of this client, at least 1; none: no limit
 * @param deviceCodeTtl how long a device code lives (RFC 8628 §3.2); none: no device flow
 * @param devicePollInterval how long a device waits between two polls (RFC 8628 §3.2); none: the server's default
 * @param metadata a small JSON object that the store keeps and never reads (audience, resource, {@code cnf}, …)
 */
@RowBuilder
public record ClientConfig(
        Set<String> responseTypes,
        boolean requirePkce,
        Set<String> pkceMethods,
        Duration accessTokenTtl,
        @Nullable Duration refreshTokenTtl,
        Duration authorizationCodeTtl,
        @Nullable Integer maxActiveAccessTokens,
        @Nullable Integer maxActiveRefreshTokens,
        @Nullable Duration deviceCodeTtl,
        @Nullable Duration devicePollInterval,
        Map<String, Object> metadata) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public ClientConfig {
        responseTypes = Fields.set("responseTypes", responseTypes, Limits.TOKEN);
        pkceMethods = Fields.set("pkceMethods", pkceMethods, Limits.TOKEN);
        accessTokenTtl = Fields.seconds("accessTokenTtl", accessTokenTtl);
        refreshTokenTtl = Fields.optionalSeconds("refreshTokenTtl", refreshTokenTtl);
        authorizationCodeTtl = Fields.seconds("authorizationCodeTtl", authorizationCodeTtl);
        maxActiveAccessTokens = Fields.optionalPositive("maxActiveAccessTokens", maxActiveAccessTokens);
        maxActiveRefreshTokens = Fields.optionalPositive("maxActiveRefreshTokens", maxActiveRefreshTokens);
        deviceCodeTtl = Fields.optionalSeconds("deviceCodeTtl", deviceCodeTtl);
        devicePollInterval = Fields.optionalSeconds("devicePollInterval", devicePollInterval);
        metadata = Fields.json("metadata", metadata);
    }

    /** A builder that starts from the safe defaults: see {@link #defaults()}. */
    public static ClientConfigBuilder builder() {
        return ClientConfigBuilder.builder()
                .responseTypes(Set.of("code"))
                .requirePkce(true)
                .pkceMethods(Set.of("S256"))
                .accessTokenTtl(Duration.ofMinutes(10))
                .authorizationCodeTtl(Duration.ofSeconds(60))
                .metadata(Map.of());
    }

    /** A builder that starts from this row. */
    public ClientConfigBuilder toBuilder() {
        return ClientConfigBuilder.builder(this);
    }

    /**
     * Safe defaults: response type {@code code}, PKCE required with {@code S256} (RFC 9700 §2.1.1), access tokens of ten
     * minutes, codes of one minute, no further limits.
     */
    public static ClientConfig defaults() {
        return builder().build();
    }
}
