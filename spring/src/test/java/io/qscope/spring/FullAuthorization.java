package io.qscope.spring;

import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;

/** An authorization that has everything that one can have, at once. */
final class FullAuthorization {

    /** With nanoseconds, which Spring's clock has and no row. */
    static final Instant ISSUED = Instant.parse("2026-01-02T03:04:05.123456789Z");

    static final Instant EXPIRES = Instant.parse("2126-01-02T03:04:05.000000001Z");

    static final List<String> VALUES = List.of(
            "value-of-code-0123456789abcdef",
            "value-of-access-0123456789abcdef",
            "value-of-refresh-0123456789abcdef",
            "value.of.id-token-0123456789abcdef",
            "value-of-device-0123456789abcdef",
            "BCDF-GHJK");

    static final String STATE = "value-of-state-0123456789abcdef=";

    private FullAuthorization() {}

    static OAuth2Authorization of(RegisteredClient client) throws Exception {
        Map<String, Object> claims = claims();
        return OAuth2Authorization.withRegisteredClient(client)
                .principalName("alice")
                .authorizationGrantType(new AuthorizationGrantType("urn:example:custom"))
                .authorizedScopes(Set.of("read", "write"))
                .attribute(Principal.class.getName(), TestServer.user("alice"))
                .attribute(OAuth2AuthorizationRequest.class.getName(), request(client))
                .attribute("state", STATE)
                .attribute("scope", Set.of("read"))
                .attribute("custom, with ünï 🙂", List.of(1, 2L, Map.of("a", Set.of("b"))))
                .token(new OAuth2AuthorizationCode(VALUES.get(0), ISSUED, EXPIRES), FullAuthorization::custom)
                .token(access(), metadata -> {
                    metadata.put(Token.CLAIMS_METADATA_NAME, claims);
                    metadata.put(OAuth2TokenFormat.class.getName(), OAuth2TokenFormat.REFERENCE.getValue());
                    custom(metadata);
                })
                .token(new OAuth2RefreshToken(VALUES.get(2), ISSUED, EXPIRES), FullAuthorization::custom)
                .token(new OidcIdToken(VALUES.get(3), ISSUED, EXPIRES, claims), metadata -> {
                    metadata.put(Token.CLAIMS_METADATA_NAME, claims);
                    custom(metadata);
                })
                .token(new OAuth2DeviceCode(VALUES.get(4), ISSUED, EXPIRES), FullAuthorization::custom)
                .token(new OAuth2UserCode(VALUES.get(5), ISSUED, EXPIRES), FullAuthorization::custom)
                .build();
    }

    /** The same with all or some tokens invalidated. */
    static OAuth2Authorization invalidated(OAuth2Authorization of, Class<? extends OAuth2Token> type) {
        return OAuth2Authorization.from(of)
                .invalidate(TestServer.token(of, type).getToken())
                .build();
    }

    private static OAuth2AccessToken access() {
        return new OAuth2AccessToken(OAuth2AccessToken.TokenType.DPOP, VALUES.get(1), ISSUED, EXPIRES, Set.of("read"));
    }

    private static void custom(Map<String, Object> metadata) {
        metadata.put("custom", List.of("x", Duration.ofSeconds(3)));
        metadata.put("claims", "a name that the adapter uses too");
    }

    @SuppressWarnings("JavaUtilDate") // Spring Authorization Server casts auth_time to it.
    private static Map<String, Object> claims() throws Exception {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", URI.create("https://server.example").toURL());
        claims.put("sub", "alice");
        claims.put("aud", List.of("client"));
        claims.put("auth_time", new Date(1_700_000_000_000L));
        claims.put("nbf", ISSUED);
        claims.put("cnf", Map.of("jkt", "thumbprint"));
        claims.put("sid", "session");
        return claims;
    }

    private static OAuth2AuthorizationRequest request(RegisteredClient client) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://server.example/authorize")
                .clientId(client.getClientId())
                .redirectUri("https://client.example/callback?a=b,c")
                .scopes(Set.of("read", "write"))
                .state("state of the client")
                .additionalParameters(Map.of("code_challenge", "challenge", "code_challenge_method", "S256"))
                .attributes(attributes -> attributes.put("k", "v"))
                .build();
    }
}
