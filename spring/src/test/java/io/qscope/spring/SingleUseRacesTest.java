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

/**
 * Eight callers who decide one thing at once, through Spring's providers: exactly one of them does. Those who redeem are raced by {@link
 * HttpRacesTest}.
 */
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
}
