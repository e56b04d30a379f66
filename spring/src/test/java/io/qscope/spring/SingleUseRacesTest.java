package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationConsentAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationRequestAuthenticationToken;

/** Eight callers who use one thing at once, through Spring's providers: exactly one of them gets something for it. */
@ParameterizedClass
@EnumSource(TestEngine.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SingleUseRacesTest {

    private static final int RACERS = 8;
    private static final int ROUNDS = 40;

    private final TestEngine engine;
    private final TestServer server;

    SingleUseRacesTest(TestEngine engine) {
        this.engine = engine;
        this.server = TestServer.rotating(TestEngine.open(engine.newUrl()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aCodeIsRedeemedOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            String code = server.code();
            List<OAuth2AccessTokenAuthenticationToken> won =
                    Racers.race(RACERS, "invalid_grant", () -> server.redeem(code));
            assertThat(won).hasSize(1);
            // The others replayed it (RFC 6749 §4.1.2).
            assertThat(server.isActive(TestServer.accessTokenOf(won.get(0)))).isFalse();
            assertThat(server.isActive(TestServer.refreshTokenOf(won.get(0)))).isFalse();
        }
    }

    @Test
    void aRefreshTokenIsRotatedOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            String token = TestServer.refreshTokenOf(server.redeem(server.code()));
            List<OAuth2AccessTokenAuthenticationToken> won =
                    Racers.race(RACERS, "invalid_grant", () -> server.refresh(token));
            assertThat(won).hasSize(1);
            assertThat(server.isActive(TestServer.accessTokenOf(won.get(0)))).isFalse();
            assertThat(server.isActive(TestServer.refreshTokenOf(won.get(0)))).isFalse();
        }
    }

    @Test
    void aDeviceCodeIsRedeemedOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            OAuth2DeviceAuthorizationRequestAuthenticationToken request = server.deviceRequest();
            server.verify(TestServer.userCodeOf(request), "alice");
            String deviceCode = TestServer.deviceCodeOf(request);
            List<OAuth2AccessTokenAuthenticationToken> won =
                    Racers.race(RACERS, null, () -> server.deviceToken(deviceCode));
            assertThat(won).hasSize(1);
        }
    }

    @Test
    void aUserCodeIsDecidedOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            OAuth2DeviceAuthorizationRequestAuthenticationToken request = server.deviceRequest();
            String userCode = TestServer.userCodeOf(request);
            List<String> won = Racers.race(RACERS, "invalid_grant", () -> {
                String user = "user-" + Thread.currentThread().getId();
                server.verify(userCode, user);
                return user;
            });
            assertThat(won).hasSize(1);
            OAuth2AccessTokenAuthenticationToken tokens = server.deviceToken(TestServer.deviceCodeOf(request));
            assertThat(server.found(TestServer.accessTokenOf(tokens)).getPrincipalName())
                    .isEqualTo(won.get(0));
        }
    }

    @Test
    void aPushedRequestIsUsedOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            String requestUri = server.pushed();
            List<String> won = Racers.race(RACERS, "invalid_request", () -> server.codeByRequestUri(requestUri));
            assertThat(won).hasSize(1);
            assertThat(server.redeem(won.get(0)).getAccessToken()).isNotNull();
        }
    }

    @Test
    void aConsentIsUsedOnce() throws Exception {
        try (TestServer asking = new TestServer(TestEngine.open(engine.newUrl()), false, true)) {
            for (int i = 0; i < ROUNDS; i++) {
                // Consent once given would be remembered.
                var consent = asking.consents.findById(asking.client.getId(), "alice");
                if (consent != null) {
                    asking.consents.remove(consent);
                }
                String state = ((OAuth2AuthorizationConsentAuthenticationToken) asking.authorize(Map.of())).getState();
                List<String> won = Racers.race(RACERS, "invalid_request", () -> asking.consented(state));
                assertThat(won).hasSize(1);
                assertThat(asking.redeem(won.get(0)).getAccessToken()).isNotNull();
            }
        }
    }

    @Test
    void aRefreshTokenThatIsReusedServesEverybody() throws Exception {
        try (TestServer reusing = new TestServer(TestEngine.open(engine.newUrl()), true, false)) {
            String token = TestServer.refreshTokenOf(reusing.redeem(reusing.code()));
            List<OAuth2AccessTokenAuthenticationToken> won = Racers.race(RACERS, null, () -> reusing.refresh(token));
            assertThat(won).hasSize(RACERS);
            assertThat(won)
                    .allSatisfy(answer ->
                            assertThat(TestServer.refreshTokenOf(answer)).isEqualTo(token));
            assertThat(reusing.refresh(token).getAccessToken()).isNotNull();
        }
    }

    @Test
    void aRevocationIsNeverLostToARefresh() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            OAuth2AccessTokenAuthenticationToken first = server.redeem(server.code());
            String token = TestServer.refreshTokenOf(first);
            List<OAuth2AccessTokenAuthenticationToken> refreshed = Racers.both(() -> server.refresh(token), () -> {
                server.revoke(token);
                return null;
            });
            for (OAuth2AccessTokenAuthenticationToken answer : refreshed) {
                assertThat(server.isActive(TestServer.accessTokenOf(answer))).isFalse();
                assertThat(server.isActive(TestServer.refreshTokenOf(answer))).isFalse();
            }
            assertThat(server.isActive(token)).isFalse();
            assertThat(server.isActive(TestServer.accessTokenOf(first))).isFalse();
        }
    }
}
