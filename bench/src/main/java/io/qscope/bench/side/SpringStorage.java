package io.qscope.bench.side;

import io.qscope.bench.data.Sample;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** A storage of Spring Authorization Server, called as its own providers call it. */
public abstract class SpringStorage implements AutoCloseable {

    private static final OAuth2TokenType CODE = new OAuth2TokenType("code");

    /** Codes and access tokens: Spring asks the clock, and nothing may expire while the benchmark runs, however long that is. */
    private static final Duration LIVES = Duration.ofDays(30);

    private static final String ACCESS_VALUE = "an-access-token-by-spring-of-256-bits-";
    private static final String CODE_VALUE = "an-authorization-code-by-spring-of-256-bits-";
    private static final String REFRESH_VALUE = "a-refresh-token-by-spring-of-256-bits-";

    /** That refresh tokens are taken from. */
    private static final int LEAST_FAMILIES = 1_000;

    private static final int MOST_FAMILIES = 20_000;

    private final OAuth2AuthorizationService authorizations;
    private final int rows;
    private final AtomicLong issued = new AtomicLong();
    private final Queue<String> refreshTokens = new ConcurrentLinkedQueue<>();

    /**
     * On a service.
     *
     * @param rows how many access tokens are looked up: those of {@link #accessValue} from 0 on
     */
    SpringStorage(OAuth2AuthorizationService authorizations, int rows) {
        this.authorizations = authorizations;
        this.rows = rows;
    }

    /** Of whom all codes and tokens are. */
    abstract RegisteredClient client();

    /** Issues codes of so many users, {@link #codeValue} of the first on. */
    abstract void addCodes(long first, long count) throws Exception;

    @Override
    public abstract void close();

    static String codeValue(long n) {
        return CODE_VALUE + n;
    }

    static String usedCodeValue(long n) {
        return CODE_VALUE + "used-" + n;
    }

    static String accessValue(long n) {
        return ACCESS_VALUE + n;
    }

    static String refreshValue(long n) {
        return REFRESH_VALUE + n;
    }

    /** How many families are refreshed, beside so many access tokens. */
    static long families(int rows) {
        return Math.min(Math.max(rows, LEAST_FAMILIES), MOST_FAMILIES);
    }

    /** Refreshing puts a new access token in the place of a family's, so those of these are not looked up. */
    void refreshFrom(long first, long count) {
        LongStream.range(first, first + count)
                .mapToObj(SpringStorage::refreshValue)
                .forEach(refreshTokens::add);
    }

    /** A public one: nobody authenticates here. */
    static RegisteredClient newClient() {
        return RegisteredClient.withId(UUID.randomUUID().toString())
                .clientId("client")
                .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUri(Sample.REDIRECT_URI)
                .scopes(scopes -> scopes.addAll(Sample.SCOPES))
                .build();
    }

    /** As it is once the user has signed in and agreed. */
    static OAuth2Authorization unredeemed(RegisteredClient client, String id, String userName, String code) {
        UsernamePasswordAuthenticationToken user = UsernamePasswordAuthenticationToken.authenticated(
                User.withUsername(userName)
                        .password("")
                        .authorities("ROLE_USER")
                        .build(),
                null,
                List.of(new SimpleGrantedAuthority("ROLE_USER")));
        OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://server.example/oauth2/authorize")
                .clientId(client.getClientId())
                .redirectUri(Sample.REDIRECT_URI)
                .scopes(Sample.SCOPES)
                .state("a-state")
                .additionalParameters(Map.of(
                        "code_challenge",
                        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                        "code_challenge_method",
                        "S256"))
                .build();
        return OAuth2Authorization.withRegisteredClient(client)
                .id(id)
                .principalName(user.getName())
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizedScopes(Sample.SCOPES)
                .attribute(Principal.class.getName(), user)
                .attribute(OAuth2AuthorizationRequest.class.getName(), request)
                .token(new OAuth2AuthorizationCode(code, Sample.NOW, Sample.NOW.plus(LIVES)))
                .build();
    }

    void lookUp() {
        // By its type, which reads one index; Spring's introspection asks for any type, which reads seven.
        String value = accessValue(ThreadLocalRandom.current().nextInt(rows));
        OAuth2Authorization found = authorizations.findByToken(value, OAuth2TokenType.ACCESS_TOKEN);
        OAuth2Authorization.Token<OAuth2AccessToken> token = found == null ? null : found.getAccessToken();
        if (token == null || !token.isActive()) {
            throw new IllegalStateException("a stored token was not found live");
        }
    }

    /** An access token that stands alone, as for client credentials. */
    void insert() {
        authorizations.save(OAuth2Authorization.withRegisteredClient(client())
                .principalName(client().getClientId())
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .authorizedScopes(Sample.SCOPES)
                .accessToken(accessToken())
                .build());
    }

    /** Issues so many codes; answers the first's number. */
    long issue(long count) throws Exception {
        long first = issued.getAndAdd(count);
        if (count > 0) {
            addCodes(first, count);
        }
        return first;
    }

    void redeem(long number) {
        OAuth2Authorization found = authorizations.findByToken(codeValue(number), CODE);
        OAuth2Authorization.Token<OAuth2AuthorizationCode> token =
                found == null ? null : found.getToken(OAuth2AuthorizationCode.class);
        if (found == null || token == null || !token.isActive()) {
            throw new IllegalStateException("a measured code was not found, was redeemed before, or has expired");
        }
        authorizations.save(redeemed(found, token.getToken()));
    }

    private static OAuth2Authorization redeemed(OAuth2Authorization authorization, OAuth2AuthorizationCode used) {
        return redeemed(authorization, used, accessToken(), refreshToken());
    }

    /** With its code used up, and both tokens. */
    static OAuth2Authorization redeemed(
            OAuth2Authorization authorization,
            OAuth2AuthorizationCode used,
            OAuth2AccessToken access,
            OAuth2RefreshToken refresh) {
        return OAuth2Authorization.from(authorization)
                .accessToken(access)
                .refreshToken(refresh)
                .token(used, metadata -> metadata.put(OAuth2Authorization.Token.INVALIDATED_METADATA_NAME, true))
                .build();
    }

    /** Values of refresh tokens of families that nobody else refreshes meanwhile. */
    Queue<String> refreshTokens() {
        return refreshTokens;
    }

    /** Answers the successor's value. */
    String refresh(String value) {
        OAuth2Authorization found = authorizations.findByToken(value, OAuth2TokenType.REFRESH_TOKEN);
        OAuth2Authorization.@Nullable Token<OAuth2RefreshToken> token = found == null ? null : found.getRefreshToken();
        if (found == null || token == null || !token.isActive()) {
            throw new IllegalStateException("a measured refresh token was not found live");
        }
        OAuth2RefreshToken successor = refreshToken();
        authorizations.save(OAuth2Authorization.from(found)
                .accessToken(accessToken())
                .refreshToken(successor)
                .build());
        return successor.getTokenValue();
    }

    private static OAuth2AccessToken accessToken() {
        return accessToken(ACCESS_VALUE + UUID.randomUUID());
    }

    private static OAuth2RefreshToken refreshToken() {
        return refreshToken(REFRESH_VALUE + UUID.randomUUID());
    }

    static OAuth2AccessToken accessToken(String value) {
        Instant now = Instant.now();
        return new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, value, now, now.plus(LIVES), Set.copyOf(Sample.SCOPES));
    }

    static OAuth2RefreshToken refreshToken(String value) {
        Instant now = Instant.now();
        return new OAuth2RefreshToken(value, now, now.plus(LIVES));
    }
}
