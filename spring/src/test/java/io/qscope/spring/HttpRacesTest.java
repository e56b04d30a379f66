package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;

/** Eight requests that use one thing at once, over sockets: exactly one of them gets something for it. */
@Tag("long")
@ParameterizedClass
@EnumSource(names = {"SQLITE", "POSTGRESQL"})
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpRacesTest {

    private static final int RACERS = 8;
    private static final int ROUNDS = 200;

    private final RunningServer server;
    private final ClientCalls client;
    private final Browser browser;

    HttpRacesTest(TestEngine engine) {
        this.server = RunningServer.on(engine);
        this.client = server.client(OAuth2TokenFormat.REFERENCE);
        this.browser = new Browser(server.socket).of("alice");
    }

    private List<Answer> race(HttpTransport.Request... requests) {
        List<CompletableFuture<Answer>> sent =
                Stream.of(requests).map(server.socket::sendAsync).toList();
        return sent.stream().map(CompletableFuture::join).toList();
    }

    /** The one that succeeds; the others have to get one of those errors. */
    private Answer onlyWinner(HttpTransport.Request request, int success, String... errors) {
        List<Answer> answers = race(Stream.generate(() -> request).limit(RACERS).toArray(HttpTransport.Request[]::new));
        List<Answer> won =
                answers.stream().filter(answer -> answer.status() == success).toList();
        assertThat(won).as("%s", answers).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() != success).allSatisfy(lost -> {
            assertThat(lost.status()).as("%s", lost).isEqualTo(400);
            assertThat(Set.of(errors)).anySatisfy(error -> lost.isError(400, error));
        });
        return won.get(0);
    }

    /** What is replayed revokes all that was issued (RFC 6749 §4.1.2, RFC 9700 §4.14.2), which is looked at once the race is over. */
    private void assertDead(Answer tokens) {
        assertThat(client.isActive(tokens.accessToken())).isFalse();
        assertThat(client.isActive(tokens.refreshToken())).isFalse();
    }

    @Test
    void aCodeIsRedeemedOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            String code = client.code(browser, "read");
            assertDead(onlyWinner(client.codeRequest(code), 200, "invalid_grant"));
        }
    }

    @Test
    void aRefreshTokenIsRotatedOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            String token = client.tokens(browser, "read").refreshToken();
            assertDead(onlyWinner(client.refreshRequest(token), 200, "invalid_grant"));
        }
    }

    @Test
    void aDeviceCodeIsRedeemedOnce() {
        consentToDevices();
        for (int i = 0; i < ROUNDS; i++) {
            Answer device = client.startDevice("read");
            browser.post("/oauth2/device_verification", "user_code", device.text("user_code"))
                    .redirectsTo("");
            // Spring calls a device code that was redeemed denied.
            Answer tokens =
                    onlyWinner(client.deviceRequest(device.text("device_code")), 200, "invalid_grant", "access_denied");
            assertThat(client.isActive(tokens.accessToken())).isTrue();
        }
    }

    /** Once; then the user is not asked again. */
    private void consentToDevices() {
        Answer device = client.startDevice("read");
        Answer page = browser.get("/oauth2/device_verification?user_code=" + device.text("user_code"));
        browser.submit(page, "scope", "read").redirectsTo("");
    }

    @Test
    void aPushedRequestIsUsedOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            String requestUri = client.push("read").is(201).text("request_uri");
            Answer redirect = onlyWinner(browser.request(client.pushedUri(requestUri), null), 302, "invalid_request");
            client.redeem(redirect.parameter("code")).is(200);
        }
    }

    @Test
    void aRevocationIsNeverLostToARefresh() {
        for (int i = 0; i < ROUNDS; i++) {
            Answer first = client.tokens(browser, "read");
            List<Answer> answers =
                    race(client.refreshRequest(first.refreshToken()), client.revokeRequest(first.refreshToken()));
            answers.get(1).is(200);
            assertDead(first);
            if (answers.get(0).status() == 200) {
                assertDead(answers.get(0));
            } else {
                answers.get(0).isError(400, "invalid_grant");
            }
        }
    }
}
