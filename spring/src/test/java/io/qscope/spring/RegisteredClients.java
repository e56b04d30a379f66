package io.qscope.spring;

import io.qscope.model.RowIds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** Clients for tests. */
final class RegisteredClients {

    private RegisteredClients() {}

    /** With what is required, and an id and a client_id that nobody else has. */
    static RegisteredClient.Builder bare() {
        return RegisteredClient.withId(RowIds.next())
                .clientId("app-" + RowIds.next())
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS);
    }

    /** With every field and setting that there is, none of them as it would be by itself, and settings of one's own. */
    static RegisteredClient.Builder full() {
        return bare().clientIdIssuedAt(Instant.parse("2030-01-02T03:04:05.123456789Z"))
                .clientSecret("{bcrypt}" + RowIds.next())
                .clientSecretExpiresAt(Instant.parse("2031-01-02T03:04:05.987654321Z"))
                .clientName("Ünï, the \"app\" 🙂")
                .clientAuthenticationMethods(methods -> methods.addAll(List.of(
                        ClientAuthenticationMethod.CLIENT_SECRET_POST, new ClientAuthenticationMethod("own_method"))))
                .authorizationGrantTypes(grants -> grants.addAll(List.of(
                        AuthorizationGrantType.AUTHORIZATION_CODE, new AuthorizationGrantType("urn:own:grant"))))
                .redirectUris(uris -> uris.addAll(
                        List.of("https://app.example/cb?list=1,2,3", "myapp:/cb", "https://app.example/a%20b,c")))
                .postLogoutRedirectUris(uris -> uris.addAll(List.of("https://app.example/out?a=b,c", "myapp:/out")))
                .scopes(scopes -> scopes.addAll(List.of("openid", "a,b", "urn:x:y")))
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(false)
                        .requireAuthorizationConsent(true)
                        .jwkSetUrl("https://app.example/jwks?x=1,2")
                        .tokenEndpointAuthenticationSigningAlgorithm(MacAlgorithm.HS512)
                        .x509CertificateSubjectDN("CN=app,OU=a b")
                        .setting("own.text", "x")
                        .setting("own.none", List.of())
                        .setting("own.nested", Map.of("list", List.of(1, 2L, Set.of("a"))))
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .authorizationCodeTimeToLive(Duration.ofMillis(61_500))
                        .accessTokenTimeToLive(Duration.ofDays(100_000))
                        .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                        .deviceCodeTimeToLive(Duration.ofMinutes(7))
                        .reuseRefreshTokens(false)
                        .refreshTokenTimeToLive(Duration.ofDays(30))
                        .idTokenSignatureAlgorithm(SignatureAlgorithm.ES256)
                        .x509CertificateBoundAccessTokens(true)
                        .setting("own.duration", Duration.ofNanos(1))
                        .build());
    }
}
