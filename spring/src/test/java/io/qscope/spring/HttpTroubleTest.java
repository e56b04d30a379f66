package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;

/** What clients and users are told when the database is away, loses an answer, or was damaged by hand. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpTroubleTest {

    @Test
    void aDatabaseThatIsAwayIsSaidToBe() throws Exception {
        String url = TestEngine.POSTGRESQL.newUrl();
        try (Gate gate = new Gate(URI.create(url).getPort());
                RunningServer server = RunningServer.start(TestEngine.through(gate.port(), url), "qscope.timeout=3s")) {
            ClientCalls client = server.client(OAuth2TokenFormat.REFERENCE);
            Browser browser = new Browser(server.socket).of("alice");
            Answer tokens = client.tokens(browser, "openid read");
            gate.loseNextCommitsAnswer();
            Answer renewed = client.refresh(tokens.refreshToken()).is(200);
            assertThat(gate.hasYetToLose()).isFalse();
            assertThat(client.isActive(renewed.accessToken())).isTrue();

            gate.shut();
            assertThat(Stream.of(
                                    client.tokenRequest("client_credentials", "scope", "read"),
                                    client.refreshRequest(renewed.refreshToken()),
                                    client.revokeRequest(renewed.refreshToken()),
                                    client.request("/oauth2/introspect", "token", "any"),
                                    client.request("/oauth2/par", "response_type", "code"),
                                    client.deviceRequest("any"),
                                    browser.request(client.authorizationUri("read"), null),
                                    bearer(server, renewed))
                            .map(server.socket::sendAsync)
                            .toList())
                    .allSatisfy(answer -> assertUnavailable(answer.join()));
            get(server, "/oauth2/jwks").is(200);
            assertThat(health(server, 503)).isEqualTo("DOWN");

            gate.open();
            while (get(server, "/actuator/health").status() != 200) {
                Thread.onSpinWait();
            }
            assertThat(health(server, 200)).isEqualTo("UP");
            assertThat(client.isActive(renewed.accessToken())).isTrue();
            assertThat(client.isActive(
                            client.refresh(renewed.refreshToken()).is(200).accessToken()))
                    .isTrue();
            assertThat(client.code(browser, "read")).isNotEmpty();
        }
    }

    private static Answer get(RunningServer server, String path) {
        return server.socket.send(new HttpTransport.Request(server.socket.base().resolve(path), Map.of(), null));
    }

    /** For user info. */
    private static HttpTransport.Request bearer(RunningServer server, Answer tokens) {
        return new HttpTransport.Request(
                server.socket.base().resolve("/userinfo"),
                Map.of("Authorization", "Bearer " + tokens.accessToken()),
                null);
    }

    private static String health(RunningServer server, int status) {
        return get(server, "/actuator/health")
                .is(status)
                .json()
                .at("/components/qscope/status")
                .asString();
    }

    private static void assertUnavailable(Answer answer) {
        answer.isError(503, "temporarily_unavailable");
        assertThat(answer.header("Retry-After")).isEqualTo("5");
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL"})
    void aDamagedRowTakesOneAuthorizationAndNoOther(TestEngine engine, CapturedOutput output) throws Exception {
        RunningServer server = RunningServer.on(engine);
        ClientCalls client = server.client(OAuth2TokenFormat.REFERENCE);
        Browser browser = new Browser(server.socket).of("alice");
        Answer damaged = client.tokens(browser, "openid read");
        Answer whole = client.tokens(browser, "openid read");
        String id = damage(server, damaged);
        LoggingSystem logging = server.context.getBean(LoggingSystem.class);
        logging.setLogLevel("io.qscope.spring", LogLevel.WARN);
        try {
            assertThat(client.isActive(damaged.accessToken())).isFalse();
        } finally {
            logging.setLogLevel("io.qscope.spring", LogLevel.ERROR);
        }
        assertThat(output)
                .contains("The authorization " + id + " is treated as absent")
                .doesNotContain("Exception");
        client.refresh(damaged.refreshToken()).isError(400, "invalid_grant");
        client.revoke(damaged.refreshToken()).is(200);
        server.socket.send(bearer(server, damaged)).is(401);
        Answer renewed = client.refresh(whole.refreshToken()).is(200);
        assertThat(client.isActive(renewed.accessToken())).isTrue();
    }

    private static String damage(RunningServer server, Answer tokens) throws SQLException {
        String id = Objects.requireNonNull(server.context
                        .getBean(OAuth2AuthorizationService.class)
                        .findByToken(tokens.accessToken(), OAuth2TokenType.ACCESS_TOKEN))
                .getId();
        try (Connection connection = TestEngine.connect(server.storageUrl);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE oauth_authorizations SET attributes = '{\"grant_type\":\"x\"}' WHERE id = ?")) {
            update.setString(1, id);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
        return id;
    }
}
