package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;

/** Applications with Spring Security's OAuth client and resource server, which know the server by its address only. */
@ParameterizedClass
@CsvSource({"SQLITE, reference", "POSTGRESQL, self-contained"})
class HttpClientApplicationTest {

    private static final String REGISTRATION = "spring.security.oauth2.client.registration.here.";

    private final OAuth2TokenFormat format;
    private final RunningServer server;
    private final ClientCalls registered;
    private final ConfigurableApplicationContext resource;
    private final ConfigurableApplicationContext application;
    private final URI home;

    HttpClientApplicationTest(TestEngine engine, String format) {
        this.format = new OAuth2TokenFormat(format);
        this.server = RunningServer.on(engine);
        // So short that the client renews the token whenever it needs one.
        this.registered = server.client(
                this.format,
                builder -> builder.clientSettings(ClientSettings.builder()
                                .requireAuthorizationConsent(true)
                                .build())
                        .tokenSettings(RunningServer.settings(this.format)
                                .accessTokenTimeToLive(Duration.ofSeconds(50))
                                .build()));
        this.resource = resourceServer();
        this.application = application();
        this.home = RunningServer.address(application);
        admit(home.resolve("/login/oauth2/code/here").toString());
    }

    private ConfigurableApplicationContext resourceServer() {
        String issuer = server.socket.base().toString();
        if (format.equals(OAuth2TokenFormat.SELF_CONTAINED)) {
            return RunningServer.run(
                    ResourceServerApplication.class,
                    List.of("spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer));
        }
        ClientCalls asking = server.client(format);
        String opaque = "spring.security.oauth2.resourceserver.opaquetoken.";
        return RunningServer.run(
                ResourceServerApplication.class,
                List.of(
                        opaque + "introspection-uri=" + issuer + "/oauth2/introspect",
                        opaque + "client-id=" + asking.registered().getClientId(),
                        opaque + "client-secret=" + asking.secret()));
    }

    private ConfigurableApplicationContext application() {
        return RunningServer.run(
                ClientApplication.class,
                List.of(
                        "resource=" + RunningServer.address(resource),
                        "spring.security.oauth2.client.provider.here.issuer-uri=" + server.socket.base(),
                        REGISTRATION + "client-id=" + registered.registered().getClientId(),
                        REGISTRATION + "client-secret=" + registered.secret(),
                        REGISTRATION + "scope=openid,profile,read"));
    }

    /** Its address is not known before it runs. */
    private void admit(String redirectUri) {
        RegisteredClientRepository clients = server.context.getBean(RegisteredClientRepository.class);
        RegisteredClient stored =
                Objects.requireNonNull(clients.findById(registered.registered().getId()));
        clients.save(RegisteredClient.from(stored).redirectUri(redirectUri).build());
    }

    @AfterEach
    void stop() {
        application.close();
        resource.close();
    }

    private Answer visit(Browser browser, String path) {
        return browser.get(home.resolve(path).toString());
    }

    private void logIn(Browser browser) {
        Answer atServer = browser.follow(browser.follow(visit(browser, "/me")));
        Answer consent = browser.follow(browser.logIn(browser.follow(atServer), "alice"));
        Answer back = browser.submit(consent, "scope", "profile", "scope", "read");
        browser.follow(back.redirectsTo(home.toString())).is(302);
    }

    @Test
    void aUserLogsInAndIsActedFor() {
        Browser browser = new Browser(new SocketTransport(home));
        logIn(browser);
        assertThat(visit(browser, "/me").is(200).body()).isEqualTo("alice");
        assertThat(visit(browser, "/call").is(200).body()).isEqualTo("alice SCOPE_openid SCOPE_profile SCOPE_read");
        String token = visit(browser, "/token").is(200).body();
        assertThat(who(token).is(200).body()).startsWith("alice ");
        String renewed = visit(browser, "/token").is(200).body();
        assertThat(renewed).isNotEqualTo(token);
        assertThat(visit(browser, "/call").is(200).body()).startsWith("alice ");
        who("none").is(401);
        // Only who asks the server knows of a revocation.
        who(token).is(format.equals(OAuth2TokenFormat.SELF_CONTAINED) ? 200 : 401);
    }

    private Answer who(String token) {
        URI uri = RunningServer.address(resource).resolve("/who");
        return server.socket.send(new HttpTransport.Request(uri, Map.of("Authorization", "Bearer " + token), null));
    }
}
