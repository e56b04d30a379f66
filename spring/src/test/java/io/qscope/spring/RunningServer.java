package io.qscope.spring;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.store.Storage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.web.context.WebApplicationContext;

/** A whole server on a port of its own. */
final class RunningServer implements AutoCloseable {

    /** Half of what a request costs would be observations of it. */
    private static final String UNOBSERVED = "spring.autoconfigure.exclude="
            + "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration";

    private static final Map<TestEngine, RunningServer> SHARED = new EnumMap<>(TestEngine.class);

    final ConfigurableApplicationContext context;
    final String storageUrl;
    final SocketTransport socket;
    final HttpTransport mockMvc;
    private final RegisteredClientRepository clients;
    private final PasswordEncoder passwords;

    private RunningServer(ConfigurableApplicationContext context, String storageUrl) {
        this.context = context;
        this.storageUrl = storageUrl;
        this.socket = new SocketTransport(address(context));
        this.mockMvc = new MockMvcTransport((WebApplicationContext) context);
        this.clients = context.getBean(RegisteredClientRepository.class);
        this.passwords = context.getBean(PasswordEncoder.class);
    }

    /**
     * The one of that engine, started with the first test that needs it, for all tests of this process. On SQLite what is stored is
     * sealed, and tokens are digested with a key; on PostgreSQL all is as it is by itself.
     */
    static synchronized RunningServer on(TestEngine engine) {
        return SHARED.computeIfAbsent(
                engine,
                first -> first == TestEngine.SQLITE
                        ? start(first.newUrl(), UNOBSERVED, "qscope.seal-attributes=true", "qscope.keyed-tokens=true")
                        : start(first.newUrl(), UNOBSERVED));
    }

    /** One that belongs to its caller. */
    static RunningServer start(String storageUrl, String... properties) {
        Storage.runMigrations(storageUrl);
        KeyRing keys = KeyRing.of(Key.generate("http"));
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("qscope.storage=" + storageUrl);
        all.add("qscope.keys=" + keys.toText().strip().replace('\n', ';'));
        all.add("management.endpoint.health.show-details=always");
        return new RunningServer(run(AuthorizationServerApplication.class, all), storageUrl);
    }

    /** Starts an application on a free port. Its error pages say what was wrong. */
    static ConfigurableApplicationContext run(Class<?> application, List<String> properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .properties("server.address=127.0.0.1", "server.port=0", "spring.web.error.include-message=always")
                .properties(properties.toArray(String[]::new))
                .run();
    }

    static URI address(ConfigurableApplicationContext context) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    HttpTransport over(HttpWay way) {
        return way == HttpWay.SOCKET ? socket : mockMvc;
    }

    /** A client with every grant, whose users are not asked for consent, and whose refresh tokens rotate. */
    ClientCalls client(OAuth2TokenFormat format) {
        return client(format, builder -> {});
    }

    ClientCalls client(OAuth2TokenFormat format, Consumer<RegisteredClient.Builder> different) {
        String secret = UUID.randomUUID().toString();
        RegisteredClient.Builder builder = RegisteredClient.withId(
                        UUID.randomUUID().toString())
                .clientId("client-" + UUID.randomUUID())
                .clientSecret(Objects.requireNonNull(passwords.encode(secret)))
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantTypes(types -> types.addAll(List.of(
                        AuthorizationGrantType.AUTHORIZATION_CODE,
                        AuthorizationGrantType.REFRESH_TOKEN,
                        AuthorizationGrantType.CLIENT_CREDENTIALS,
                        AuthorizationGrantType.DEVICE_CODE,
                        AuthorizationGrantType.TOKEN_EXCHANGE)))
                .redirectUri(ClientCalls.REDIRECT_URI)
                .postLogoutRedirectUri(ClientCalls.REDIRECT_URI)
                .scopes(scopes -> scopes.addAll(List.of("openid", "profile", "read", "write")))
                .clientSettings(ClientSettings.builder().build())
                .tokenSettings(settings(format).build());
        different.accept(builder);
        RegisteredClient registered = builder.build();
        clients.save(registered);
        return new ClientCalls(socket, registered, registered.getClientSecret() == null ? null : secret);
    }

    static TokenSettings.Builder settings(OAuth2TokenFormat format) {
        return TokenSettings.builder()
                .accessTokenFormat(format)
                .reuseRefreshTokens(false)
                .refreshTokenTimeToLive(Duration.ofDays(30));
    }

    @Override
    public void close() {
        context.close();
    }
}
