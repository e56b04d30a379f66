package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenID Connect through a whole authorization server: login, user info, logout. */
@ParameterizedClass
@MethodSource("ways")
class HttpOpenIdTest {

    private final HttpTransport transport;
    private final ClientCalls client;
    private final Browser browser;

    HttpOpenIdTest(TestEngine engine, HttpWay way, OAuth2TokenFormat format) {
        RunningServer server = RunningServer.on(engine);
        this.transport = server.over(way);
        this.client = server.client(format).over(transport);
        this.browser = new Browser(transport).of("alice");
    }

    static Stream<Arguments> ways() {
        return HttpGrantsTest.ways();
    }

    private Answer tokens() {
        Answer redirect = browser.get(client.authorizationUri("openid profile", "nonce", "n-1"));
        return client.redeem(redirect.redirectsTo(ClientCalls.REDIRECT_URI).parameter("code"))
                .is(200);
    }

    private static JsonNode claims(Answer tokens) {
        byte[] payload = Base64.getUrlDecoder().decode(tokens.text("id_token").split("\\.", -1)[1]);
        return new JsonMapper().readTree(new String(payload, StandardCharsets.UTF_8));
    }

    private Answer userInfo(Answer tokens) {
        Map<String, String> headers = Map.of("Authorization", "Bearer " + tokens.accessToken());
        return transport.send(new HttpTransport.Request(transport.base().resolve("/userinfo"), headers, null));
    }

    private String logout(Answer tokens) {
        return "/connect/logout?"
                + Forms.encoded(
                        "id_token_hint",
                        tokens.text("id_token"),
                        "client_id",
                        client.registered().getClientId(),
                        "post_logout_redirect_uri",
                        ClientCalls.REDIRECT_URI,
                        "state",
                        "out");
    }

    @Test
    void loginGivesAnIdTokenThatARefreshRenews() {
        Answer tokens = tokens();
        JsonNode claims = claims(tokens);
        assertThat(claims.get("iss").asString()).isEqualTo(transport.base().toString());
        assertThat(claims.get("sub").asString()).isEqualTo("alice");
        assertThat(claims.get("nonce").asString()).isEqualTo("n-1");
        assertThat(claims.get("aud").asString("")).isEqualTo(client.registered().getClientId());
        JsonNode renewed = claims(client.refresh(tokens.refreshToken()).is(200));
        // The session that the user logged in with, as of the first ID token.
        assertThat(renewed.get("sid")).isNotNull().isEqualTo(claims.get("sid"));
        assertThat(renewed.get("auth_time")).isNotNull().isEqualTo(claims.get("auth_time"));
    }

    @Test
    void userInfoIsThereForALivingToken() {
        Answer tokens = tokens();
        assertThat(userInfo(tokens).is(200).text("sub")).isEqualTo("alice");
        Answer refreshed = client.refresh(tokens.refreshToken()).is(200);
        assertThat(userInfo(refreshed).is(200).text("sub")).isEqualTo("alice");
        userInfo(tokens).is(401);
        client.revoke(refreshed.accessToken()).is(200);
        userInfo(refreshed).is(401);
        userInfo(client.tokens(browser, "read")).is(403);
    }

    @Test
    void logoutIsKnownByItsIdToken() {
        Answer tokens = tokens();
        Answer redirect = browser.get(logout(tokens)).redirectsTo(ClientCalls.REDIRECT_URI);
        assertThat(redirect.parameter("state")).isEqualTo("out");
        assertThat(browser.get(client.authorizationUri("read")).is(302).header("Location"))
                .endsWith("/login");
    }

    @Test
    void logoutOfSomebodyElseIsRefused() {
        Browser bob = new Browser(transport).of("bob");
        bob.get(logout(tokens())).isError(400, "invalid_token");
        bob.get("/connect/logout?id_token_hint=unknown").isError(400, "invalid_token");
        bob.get(client.authorizationUri("read")).redirectsTo(ClientCalls.REDIRECT_URI);
    }
}
