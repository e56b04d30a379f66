package io.qscope.bench.side;

import com.zaxxer.hikari.HikariDataSource;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.Sample;
import java.io.IOException;
import java.security.Principal;
import java.sql.SQLException;
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
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.JdbcRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** Spring Authorization Server's JDBC storage, called as its own providers call it. */
public final class SpringStorage implements AutoCloseable {

    private static final OAuth2TokenType CODE = new OAuth2TokenType("code");

    /** Codes and access tokens: Spring asks the clock, and nothing may expire while the benchmark runs, however long that is. */
    private static final Duration LIVES = Duration.ofDays(30);

    private static final String ACCESS_VALUE = "an-access-token-as-long-as-256-bits-";
    private static final String CODE_VALUE = "an-authorization-code-as-long-as-256-bits-";
    private static final String REFRESH_VALUE = "a-refresh-token-as-long-as-256-bits-";

    /** That refresh tokens are taken from. */
    private static final int LEAST_FAMILIES = 1_000;

    private static final int MOST_FAMILIES = 20_000;

    private final HikariDataSource pool;
    private final SpringTables tables;
    private final JdbcOAuth2AuthorizationService authorizations;
    private final RegisteredClient client;
    private final OAuth2Authorization unredeemed;
    private final int rows;
    private final AtomicLong issued = new AtomicLong();
    private final Queue<String> refreshTokens = new ConcurrentLinkedQueue<>();

    /**
     * Its tables beside qscope's, with as many authorizations as qscope has access tokens, and
     * some for refreshing.
     *
     * @param callers at most; each takes a second connection while it holds the first, so the pool has twice as many and more
     */
    public SpringStorage(DataSet data, int callers) throws SQLException, IOException {
        this.rows = data.sample().rows();
        this.tables = SpringTables.create(data);
        this.pool = Pool.of(data, 2 * callers + 2);
        try {
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            JdbcRegisteredClientRepository clients = new JdbcRegisteredClientRepository(jdbc);
            this.client = client();
            clients.save(client);
            this.authorizations = new JdbcOAuth2AuthorizationService(jdbc, clients);
            this.unredeemed = unredeemed();
            authorizations.save(unredeemed);
            load();
        } catch (SQLException | RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private static RegisteredClient client() {
        return RegisteredClient.withId(UUID.randomUUID().toString())
                .clientId("client")
                .clientSecret("{noop}secret")
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUri(Sample.REDIRECT_URI)
                .scopes(scopes -> scopes.addAll(Sample.SCOPES))
                .build();
    }

    /** As it is once the user has signed in and agreed. */
    private OAuth2Authorization unredeemed() {
        UsernamePasswordAuthenticationToken user = UsernamePasswordAuthenticationToken.authenticated(
                User.withUsername("user").password("").authorities("ROLE_USER").build(),
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
                .id("template-of-codes")
                .principalName(user.getName())
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizedScopes(Sample.SCOPES)
                .attribute(Principal.class.getName(), user)
                .attribute(OAuth2AuthorizationRequest.class.getName(), request)
                .token(template())
                .build();
    }

    private static OAuth2AuthorizationCode template() {
        return new OAuth2AuthorizationCode("template", Sample.NOW, Sample.NOW.plus(LIVES));
    }

    private void load() throws SQLException {
        OAuth2Authorization redeemed = redeemed(
                OAuth2Authorization.from(unredeemed).id("template-of-tokens").build(), template());
        authorizations.save(redeemed);
        // Refreshing puts a new access token in its family's only row, so these are not looked up.
        long families = Math.min(Math.max(rows, LEAST_FAMILIES), MOST_FAMILIES);
        tables.copy(
                redeemed.getId(),
                0,
                rows + families,
                Map.of(
                        "id", id(),
                        "principal_name", "'user-' || n",
                        "authorization_code_value", "'" + CODE_VALUE + "used-' || n",
                        "access_token_value", "'" + ACCESS_VALUE + "' || n",
                        "refresh_token_value", "'" + REFRESH_VALUE + "' || n"));
        tables.index();
        LongStream.range(rows, rows + families).mapToObj(n -> REFRESH_VALUE + n).forEach(refreshTokens::add);
    }

    /** Random, as those that Spring makes. */
    private static String id() {
        return "gen_random_uuid()::text";
    }

    @Override
    public void close() {
        pool.close();
    }

    void lookUp() {
        // By its type, which reads one index; Spring's introspection asks for any type, which reads seven.
        String value = ACCESS_VALUE + ThreadLocalRandom.current().nextInt(rows);
        OAuth2Authorization found = authorizations.findByToken(value, OAuth2TokenType.ACCESS_TOKEN);
        OAuth2Authorization.Token<OAuth2AccessToken> token = found == null ? null : found.getAccessToken();
        if (token == null || !token.isActive()) {
            throw new IllegalStateException("a stored token was not found live");
        }
    }

    /** An access token that stands alone, as for client credentials. */
    void insert() {
        authorizations.save(OAuth2Authorization.withRegisteredClient(client)
                .principalName(client.getClientId())
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .authorizedScopes(Sample.SCOPES)
                .accessToken(accessToken())
                .build());
    }

    /** Issues so many codes; answers the first's number. */
    long issue(long count) throws SQLException {
        long first = issued.getAndAdd(count);
        if (count > 0) {
            tables.copy(
                    unredeemed.getId(),
                    first,
                    count,
                    Map.of(
                            "id",
                            id(),
                            "principal_name",
                            "'user-' || n",
                            "authorization_code_value",
                            "'" + CODE_VALUE + "' || n"));
        }
        return first;
    }

    void redeem(long number) {
        String code = CODE_VALUE + number;
        OAuth2Authorization found = authorizations.findByToken(code, CODE);
        OAuth2Authorization.Token<OAuth2AuthorizationCode> token =
                found == null ? null : found.getToken(OAuth2AuthorizationCode.class);
        if (found == null || token == null || !token.isActive()) {
            throw new IllegalStateException("a measured code was not found, was redeemed before, or has expired");
        }
        authorizations.save(redeemed(found, token.getToken()));
    }

    /** With its code used up, and both tokens. */
    private static OAuth2Authorization redeemed(OAuth2Authorization authorization, OAuth2AuthorizationCode used) {
        return OAuth2Authorization.from(authorization)
                .accessToken(accessToken())
                .refreshToken(refreshToken())
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
        Instant now = Instant.now();
        return new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER,
                ACCESS_VALUE + UUID.randomUUID(),
                now,
                now.plus(LIVES),
                Set.copyOf(Sample.SCOPES));
    }

    private static OAuth2RefreshToken refreshToken() {
        Instant now = Instant.now();
        return new OAuth2RefreshToken(REFRESH_VALUE + UUID.randomUUID(), now, now.plus(LIVES));
    }
}
