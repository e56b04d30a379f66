package io.qscope.spring;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationConsentAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationConsentAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationConsentAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationConsentAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceCodeAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceCodeAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceVerificationAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceVerificationAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2PushedAuthorizationRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2PushedAuthorizationRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenExchangeAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenExchangeAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenIntrospectionAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenIntrospectionAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContext;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContextHolder;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2AccessTokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2RefreshTokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;

/** Spring's own providers of every grant, on the adapter, without the web around them. Tokens are opaque. */
final class TestServer implements AutoCloseable {

    static final String REDIRECT_URI = "https://client.example/callback";
    static final String AUTHORIZE_URI = "https://server.example/oauth2/authorize";
    static final Set<String> SCOPES = Set.of("read", "write");

    final Storage storage;
    final KeyRing keys = KeyRing.of(Key.generate("test"));
    final RegisteredClient client;
    final RegisteredClient other;
    final RegisteredClientRepository clients;
    final OAuth2AuthorizationConsentService consents = new InMemoryOAuth2AuthorizationConsentService();
    final QscopeAuthorizationService service;
    final OAuth2TokenGenerator<? extends OAuth2Token> generator =
            new DelegatingOAuth2TokenGenerator(new OAuth2AccessTokenGenerator(), new OAuth2RefreshTokenGenerator());

    TestServer(Storage storage, boolean reusesRefreshTokens, boolean asksForConsent) {
        this.storage = storage;
        this.client = registered("client", reusesRefreshTokens, asksForConsent);
        this.other = registered("other", reusesRefreshTokens, asksForConsent);
        this.clients = new InMemoryRegisteredClientRepository(client, other);
        store(client);
        store(other);
        this.service = new QscopeAuthorizationService(StorageAccess.to(storage), clients, () -> keys);
    }

    static TestServer rotating(Storage storage) {
        return new TestServer(storage, false, false);
    }

    private static RegisteredClient registered(String clientId, boolean reuses, boolean asks) {
        return RegisteredClient.withId(UUID.randomUUID().toString())
                .clientId(clientId)
                .clientSecret("{noop}secret of " + clientId)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantTypes(types -> types.addAll(List.of(
                        AuthorizationGrantType.AUTHORIZATION_CODE,
                        AuthorizationGrantType.REFRESH_TOKEN,
                        AuthorizationGrantType.CLIENT_CREDENTIALS,
                        AuthorizationGrantType.DEVICE_CODE,
                        AuthorizationGrantType.TOKEN_EXCHANGE)))
                .redirectUri(REDIRECT_URI)
                .scopes(scopes -> scopes.addAll(SCOPES))
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(false)
                        .requireAuthorizationConsent(asks)
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                        .reuseRefreshTokens(reuses)
                        .refreshTokenTimeToLive(Duration.ofDays(30))
                        .build())
                .build();
    }

    private void store(RegisteredClient registered) {
        storage.clients()
                .insert(
                        OAuthClient.builder()
                                .id(registered.getId())
                                .clientIdentifier(registered.getClientId())
                                .createdAt(Instant.now())
                                .createdBy("test")
                                .build(),
                        RayId.random())
                .join();
    }

    static Authentication user(String name) {
        return UsernamePasswordAuthenticationToken.authenticated(
                name, null, List.of(new SimpleGrantedAuthority("ROLE_USER")));
    }

    Authentication client() {
        return authenticated(client);
    }

    static Authentication authenticated(RegisteredClient registered) {
        return new OAuth2ClientAuthenticationToken(registered, ClientAuthenticationMethod.CLIENT_SECRET_BASIC, null);
    }

    /** The code that a user's consent gives, where none is asked for. */
    String code() {
        return code(Map.of());
    }

    /** The code that a pushed request gives. */
    String codeByRequestUri(String requestUri) {
        return code(Map.of("request_uri", requestUri));
    }

    private String code(Map<String, Object> parameters) {
        OAuth2AuthorizationCode code =
                ((OAuth2AuthorizationCodeRequestAuthenticationToken) authorize(parameters)).getAuthorizationCode();
        return Objects.requireNonNull(code).getTokenValue();
    }

    /** What the authorization endpoint does with a request: it answers with a code, or asks for consent. */
    Authentication authorize(Map<String, Object> parameters) {
        return with(() -> new OAuth2AuthorizationCodeRequestAuthenticationProvider(clients, service, consents)
                .authenticate(new OAuth2AuthorizationCodeRequestAuthenticationToken(
                        AUTHORIZE_URI,
                        client.getClientId(),
                        user("alice"),
                        REDIRECT_URI,
                        "state-of-client",
                        SCOPES,
                        parameters)));
    }

    String pushed() {
        OAuth2PushedAuthorizationRequestAuthenticationToken answer =
                (OAuth2PushedAuthorizationRequestAuthenticationToken)
                        with(() -> new OAuth2PushedAuthorizationRequestAuthenticationProvider(service)
                                .authenticate(new OAuth2PushedAuthorizationRequestAuthenticationToken(
                                        AUTHORIZE_URI,
                                        client.getClientId(),
                                        client(),
                                        REDIRECT_URI,
                                        "state-of-client",
                                        SCOPES,
                                        Map.of())));
        return Objects.requireNonNull(answer.getRequestUri());
    }

    /** The code that consent gives to a request whose user is being asked. */
    String consented(String state) {
        OAuth2AuthorizationCodeRequestAuthenticationToken answer = (OAuth2AuthorizationCodeRequestAuthenticationToken)
                with(() -> new OAuth2AuthorizationConsentAuthenticationProvider(clients, service, consents)
                        .authenticate(new OAuth2AuthorizationConsentAuthenticationToken(
                                AUTHORIZE_URI, client.getClientId(), user("alice"), state, SCOPES, Map.of())));
        return Objects.requireNonNull(answer.getAuthorizationCode()).getTokenValue();
    }

    OAuth2AccessTokenAuthenticationToken redeem(String code) {
        return redeem(code, client());
    }

    OAuth2AccessTokenAuthenticationToken redeem(String code, Authentication by) {
        return token(() -> new OAuth2AuthorizationCodeAuthenticationProvider(service, generator)
                .authenticate(new OAuth2AuthorizationCodeAuthenticationToken(code, by, REDIRECT_URI, Map.of())));
    }

    OAuth2AccessTokenAuthenticationToken refresh(String refreshToken) {
        return token(() -> new OAuth2RefreshTokenAuthenticationProvider(service, generator)
                .authenticate(new OAuth2RefreshTokenAuthenticationToken(refreshToken, client(), Set.of(), Map.of())));
    }

    OAuth2AccessTokenAuthenticationToken clientCredentials() {
        return token(() -> new OAuth2ClientCredentialsAuthenticationProvider(service, generator)
                .authenticate(new OAuth2ClientCredentialsAuthenticationToken(client(), SCOPES, Map.of())));
    }

    OAuth2AccessTokenAuthenticationToken exchange(String subjectToken) {
        String type = "urn:ietf:params:oauth:token-type:access_token";
        return token(() -> new OAuth2TokenExchangeAuthenticationProvider(service, generator)
                .authenticate(new OAuth2TokenExchangeAuthenticationToken(
                        type, subjectToken, type, client(), null, null, Set.of(), Set.of(), SCOPES, Map.of())));
    }

    OAuth2DeviceAuthorizationRequestAuthenticationToken deviceRequest() {
        return (OAuth2DeviceAuthorizationRequestAuthenticationToken)
                with(() -> new OAuth2DeviceAuthorizationRequestAuthenticationProvider(service)
                        .authenticate(new OAuth2DeviceAuthorizationRequestAuthenticationToken(
                                client(), "https://server.example/oauth2/device_authorization", SCOPES, Map.of())));
    }

    Authentication verify(String userCode, String user) {
        OAuth2DeviceVerificationAuthenticationProvider provider =
                new OAuth2DeviceVerificationAuthenticationProvider(clients, service, consents);
        if (!client.getClientSettings().isRequireAuthorizationConsent()) {
            provider.setAuthorizationConsentRequired(context -> false);
        }
        return with(() ->
                provider.authenticate(new OAuth2DeviceVerificationAuthenticationToken(user(user), userCode, Map.of())));
    }

    /** Consent to a device, or, without scopes, its denial. */
    Authentication deviceConsent(String userCode, String state, Set<String> scopes) {
        return with(() -> new OAuth2DeviceAuthorizationConsentAuthenticationProvider(clients, service, consents)
                .authenticate(new OAuth2DeviceAuthorizationConsentAuthenticationToken(
                        "https://server.example/oauth2/device_verification",
                        client.getClientId(),
                        user("alice"),
                        userCode,
                        state,
                        scopes,
                        Map.of())));
    }

    OAuth2AccessTokenAuthenticationToken deviceToken(String deviceCode) {
        return token(() -> new OAuth2DeviceCodeAuthenticationProvider(service, generator)
                .authenticate(new OAuth2DeviceCodeAuthenticationToken(deviceCode, client(), Map.of())));
    }

    void revoke(String token) {
        with(() -> new OAuth2TokenRevocationAuthenticationProvider(service)
                .authenticate(new OAuth2TokenRevocationAuthenticationToken(token, client(), null)));
    }

    boolean isActive(String token) {
        OAuth2TokenIntrospectionAuthenticationToken answer = (OAuth2TokenIntrospectionAuthenticationToken)
                with(() -> new OAuth2TokenIntrospectionAuthenticationProvider(clients, service)
                        .authenticate(
                                new OAuth2TokenIntrospectionAuthenticationToken(token, client(), null, Map.of())));
        return answer.getTokenClaims().isActive();
    }

    static String refreshTokenOf(OAuth2AccessTokenAuthenticationToken answer) {
        return Objects.requireNonNull(answer.getRefreshToken()).getTokenValue();
    }

    static String accessTokenOf(OAuth2AccessTokenAuthenticationToken answer) {
        return answer.getAccessToken().getTokenValue();
    }

    static String deviceCodeOf(OAuth2DeviceAuthorizationRequestAuthenticationToken answer) {
        return Objects.requireNonNull(answer.getDeviceCode()).getTokenValue();
    }

    static String userCodeOf(OAuth2DeviceAuthorizationRequestAuthenticationToken answer) {
        return Objects.requireNonNull(answer.getUserCode()).getTokenValue();
    }

    /** The authorization that a value of any type belongs to; there must be one. */
    OAuth2Authorization found(String value) {
        return Objects.requireNonNull(service.findByToken(value, null));
    }

    /** The one that is found by a refresh token, for a refresh; there must be one. */
    OAuth2Authorization foundToRefresh(String refreshToken) {
        return Objects.requireNonNull(service.findByToken(refreshToken, OAuth2TokenType.REFRESH_TOKEN));
    }

    /** The token of a class; there must be one. */
    static <T extends OAuth2Token> OAuth2Authorization.Token<T> token(OAuth2Authorization of, Class<T> type) {
        return Objects.requireNonNull(of.getToken(type));
    }

    private static OAuth2AccessTokenAuthenticationToken token(Call call) {
        return (OAuth2AccessTokenAuthenticationToken) with(call);
    }

    /** A provider's call, in the context that a filter would give it. */
    private static Authentication with(Call call) {
        AuthorizationServerContextHolder.setContext(new Context());
        try {
            return Objects.requireNonNull(call.authenticate());
        } finally {
            AuthorizationServerContextHolder.resetContext();
        }
    }

    @Override
    public void close() {
        storage.close();
    }

    private interface Call {
        @Nullable
        Authentication authenticate();
    }

    private static final class Context implements AuthorizationServerContext {
        @Override
        public String getIssuer() {
            return "https://server.example";
        }

        @Override
        public AuthorizationServerSettings getAuthorizationServerSettings() {
            return AuthorizationServerSettings.builder()
                    .issuer("https://server.example")
                    .build();
        }
    }
}
