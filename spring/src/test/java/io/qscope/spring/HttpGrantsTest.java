package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import tools.jackson.databind.JsonNode;

/** Every grant, through a whole authorization server. */
@ParameterizedClass
@MethodSource("ways")
class HttpGrantsTest {

    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final RunningServer server;
    private final HttpTransport transport;
    private final OAuth2TokenFormat format;
    private final ClientCalls client;

    HttpGrantsTest(TestEngine engine, HttpWay way, OAuth2TokenFormat format) {
        this.server = RunningServer.on(engine);
        this.transport = server.over(way);
        this.format = format;
        this.client = server.client(format).over(transport);
    }

    /** Engines, and with each of them opaque tokens and JWTs, over the network and without. */
    static Stream<Arguments> ways() {
        return Stream.of(TestEngine.SQLITE, TestEngine.POSTGRESQL)
                .flatMap(engine -> Stream.of(HttpWay.values())
                        .flatMap(way -> Stream.of(OAuth2TokenFormat.REFERENCE, OAuth2TokenFormat.SELF_CONTAINED)
                                .map(format -> Arguments.of(engine, way, format))));
    }

    private Browser alice() {
        return new Browser(transport).of("alice");
    }

    private ClientCalls asking() {
        return server.client(
                        format,
                        builder -> builder.clientSettings(ClientSettings.builder()
                                .requireProofKey(true)
                                .requireAuthorizationConsent(true)
                                .build()))
                .over(transport);
    }

    private void assertActive(Answer tokens, String subject, String scope) {
        assertThat(tokens.accessToken().split("\\.")).hasSize(format.equals(OAuth2TokenFormat.SELF_CONTAINED) ? 3 : 1);
        JsonNode answer = client.introspect(tokens.accessToken()).json();
        assertThat(answer.get("active").asBoolean()).isTrue();
        assertThat(answer.get("sub").asString()).isEqualTo(subject);
        assertThat(answer.get("scope").asString().split(" ")).containsExactlyInAnyOrder(scope.split(" "));
    }

    private void assertDead(Answer tokens) {
        assertThat(client.isActive(tokens.accessToken())).isFalse();
        assertThat(client.isActive(tokens.refreshToken())).isFalse();
    }

    @Test
    void codeWithPkceAfterLoginAndConsent() {
        ClientCalls asking = asking();
        Browser browser = new Browser(transport);
        Answer login = browser.follow(browser.get(asking.authorizationUri("read write")));
        Answer consent = browser.follow(browser.logIn(login, "alice"));
        Answer redirect =
                browser.submit(consent, "scope", "read", "scope", "write").redirectsTo(ClientCalls.REDIRECT_URI);
        assertThat(redirect.parameter("state")).isEqualTo("state-of-client");
        browser.submit(consent, "scope", "read").isError(400, "invalid_request");
        String code = redirect.parameter("code");
        asking.token(
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        ClientCalls.REDIRECT_URI,
                        "code_verifier",
                        "x".repeat(43))
                .isError(400, "invalid_grant");
        Answer tokens = asking.redeem(code).is(200);
        assertActive(tokens, "alice", "read write");
        // Consent is remembered, the code is not.
        Answer refreshed =
                asking.refresh(asking.tokens(browser, "read").refreshToken()).is(200);
        assertActive(refreshed, "alice", "read");
        asking.redeem(code).isError(400, "invalid_grant");
        assertDead(tokens);
        assertActive(refreshed, "alice", "read");
    }

    @Test
    void consentIsRefused() {
        ClientCalls asking = asking();
        Browser browser = alice();
        Answer consent = browser.get(asking.authorizationUri("read"));
        Answer redirect = browser.submit(consent).redirectsTo(ClientCalls.REDIRECT_URI);
        assertThat(redirect.parameter("error")).isEqualTo("access_denied");
        browser.submit(consent, "scope", "read").isError(400, "invalid_request");
    }

    @Test
    void consentIsItsUsersAlone() {
        ClientCalls asking = asking();
        Answer consent = alice().get(asking.authorizationUri("read"));
        Browser bob = new Browser(transport).of("bob");
        bob.get(asking.authorizationUri("read"));
        bob.submit(consent, "scope", "read").isError(400, "invalid_request");
    }

    @Test
    @SuppressWarnings("NullAway") // what takes the secret away that the client has before
    void publicClient() {
        ClientCalls open = server.client(
                        format,
                        builder -> builder.clientSecret(null).clientAuthenticationMethods(methods -> {
                            methods.clear();
                            methods.add(ClientAuthenticationMethod.NONE);
                        }))
                .over(transport);
        String code = open.code(alice(), "read");
        Answer tokens = open.redeem(code).is(200);
        assertActive(tokens, "alice", "read");
        open.redeem(code).isError(400, "invalid_grant");
        assertThat(client.isActive(tokens.accessToken())).isFalse();
    }

    @Test
    void rotatingRefreshToken() {
        Answer first = client.tokens(alice(), "read write");
        Answer second = client.refresh(first.refreshToken()).is(200);
        assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
        assertDead(first);
        assertActive(second, "alice", "read write");
        Answer narrowed = client.token("refresh_token", "refresh_token", second.refreshToken(), "scope", "read")
                .is(200);
        assertActive(narrowed, "alice", "read");
        client.refresh(first.refreshToken()).isError(400, "invalid_grant");
        assertDead(narrowed);
        client.refresh(narrowed.refreshToken()).isError(400, "invalid_grant");
    }

    @Test
    void reusedRefreshToken() {
        ClientCalls reusing = server.client(
                        format,
                        builder -> builder.tokenSettings(RunningServer.settings(format)
                                .reuseRefreshTokens(true)
                                .build()))
                .over(transport);
        Answer first = reusing.tokens(alice(), "read");
        Answer second = reusing.refresh(first.refreshToken()).is(200);
        Answer third = reusing.refresh(first.refreshToken()).is(200);
        assertThat(second.refreshToken()).isEqualTo(first.refreshToken());
        assertThat(client.isActive(first.accessToken())).isFalse();
        assertThat(client.isActive(second.accessToken())).isFalse();
        assertActive(third, "alice", "read");
        reusing.revoke(first.refreshToken()).is(200);
        assertDead(third);
        reusing.refresh(first.refreshToken()).isError(400, "invalid_grant");
    }

    @Test
    void clientCredentials() {
        Answer tokens = client.token("client_credentials", "scope", "read").is(200);
        assertThat(tokens.json().has("refresh_token")).isFalse();
        assertActive(tokens, client.registered().getClientId(), "read");
        client.token("client_credentials", "scope", "none").isError(400, "invalid_scope");
        new ClientCalls(transport, client.registered(), "wrong")
                .token("client_credentials", "scope", "read")
                .isError(401, "invalid_client");
    }

    @Test
    void device() {
        Answer device = client.startDevice("read write");
        String deviceCode = device.text("device_code");
        client.poll(deviceCode).isError(400, "authorization_pending");
        client.poll(deviceCode).isError(400, "slow_down");
        Browser browser = new Browser(transport);
        Answer login = browser.follow(browser.get(device.text("verification_uri_complete")));
        Answer consent = browser.follow(browser.logIn(login, "alice"));
        assertThat(consent.body()).contains(device.text("user_code"));
        browser.submit(consent, "scope", "read").redirectsTo("");
        browser.submit(consent, "scope", "read").isError(400, "invalid_request");
        Answer tokens = client.poll(deviceCode).is(200);
        assertActive(tokens, "alice", "read");
        assertActive(client.refresh(tokens.refreshToken()).is(200), "alice", "read");
        client.poll(deviceCode).isError(400, "access_denied");
    }

    @Test
    void deviceIsRefused() {
        Answer device = client.startDevice("read");
        Browser browser = alice();
        browser.submit(browser.get(device.text("verification_uri_complete"))).isError(400, "access_denied");
        client.poll(device.text("device_code")).isError(400, "access_denied");
        browser.post("/oauth2/device_verification", "user_code", device.text("user_code"))
                .isError(400, "invalid_grant");
        browser.post("/oauth2/device_verification", "user_code", "BCDF-GHJK").isError(400, "invalid_grant");
        client.poll("unknown").isError(400, "invalid_grant");
    }

    @Test
    void tokenExchange() {
        Answer subject = client.tokens(alice(), "read write");
        Answer actor = client.tokens(new Browser(transport).of("bob"), "read");
        ClientCalls other = server.client(format).over(transport);
        Answer impersonating = exchange(other, subject);
        assertThat(impersonating.text("issued_token_type")).isEqualTo(ACCESS_TOKEN);
        assertActive(impersonating, "alice", "read write");
        Answer delegated = exchange(
                other, subject, "scope", "read", "actor_token", actor.accessToken(), "actor_token_type", ACCESS_TOKEN);
        assertActive(delegated, "alice", "read");
        JsonNode act = client.introspect(delegated.accessToken()).json().get("act");
        assertThat(act.get("sub").asString()).isEqualTo("bob");
        assertActive(exchange(other, delegated, "scope", "read"), "alice", "read");
        client.revoke(subject.accessToken()).is(200);
        other.token(EXCHANGE, "subject_token", subject.accessToken(), "subject_token_type", ACCESS_TOKEN)
                .isError(400, "invalid_grant");
    }

    private static Answer exchange(ClientCalls by, Answer subject, String... more) {
        return by.token(
                        EXCHANGE,
                        Forms.joined(more, "subject_token", subject.accessToken(), "subject_token_type", ACCESS_TOKEN))
                .is(200);
    }

    @Test
    void pushedRequest() {
        ClientCalls asking = asking();
        String requestUri = asking.push("read").is(201).text("request_uri");
        Browser browser = new Browser(transport);
        Answer login = browser.follow(browser.get(asking.pushedUri(requestUri)));
        Answer consent = browser.follow(browser.logIn(login, "alice"));
        Answer redirect = browser.submit(consent, "scope", "read").redirectsTo(ClientCalls.REDIRECT_URI);
        assertActive(asking.redeem(redirect.parameter("code")).is(200), "alice", "read");
        browser.get(asking.pushedUri(requestUri)).isError(400, "invalid_request");
        String second = asking.push("read").is(201).text("request_uri");
        browser.get(client.pushedUri(second)).isError(400, "invalid_request");
        assertThat(browser.get(asking.pushedUri(second))
                        .redirectsTo(ClientCalls.REDIRECT_URI)
                        .parameter("state"))
                .isEqualTo("state-of-client");
    }

    @Test
    void revocationAndIntrospection() {
        Answer tokens = client.tokens(alice(), "read");
        JsonNode refresh = client.introspect(tokens.refreshToken()).json();
        assertThat(refresh.get("active").asBoolean()).isTrue();
        assertThat(refresh.get("client_id").asString())
                .isEqualTo(client.registered().getClientId());
        assertThat(client.isActive("unknown")).isFalse();
        server.client(format).over(transport).revoke(tokens.accessToken()).isError(400, "invalid_client");
        client.revoke(tokens.accessToken()).is(200);
        assertThat(client.isActive(tokens.accessToken())).isFalse();
        Answer refreshed = client.refresh(tokens.refreshToken()).is(200);
        assertActive(refreshed, "alice", "read");
        client.revoke(refreshed.refreshToken()).is(200);
        client.revoke(refreshed.refreshToken()).is(200);
        client.revoke("unknown").is(200);
        assertDead(refreshed);
        client.refresh(refreshed.refreshToken()).isError(400, "invalid_grant");
    }
}
