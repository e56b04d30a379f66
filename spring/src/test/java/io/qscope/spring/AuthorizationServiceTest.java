package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.qscope.model.Authorization;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationConsentAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationConsentAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationRequestAuthenticationToken;

/** Each grant through Spring's providers, one caller at a time: what works, and what is refused afterwards. */
@ParameterizedClass
@EnumSource(TestEngine.class)
class AuthorizationServiceTest {

    private final TestEngine engine;
    private final TestServer server;

    AuthorizationServiceTest(TestEngine engine) {
        this.engine = engine;
        this.server = TestServer.rotating(TestEngine.open(engine.newUrl()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static void assertRefused(String error, ThrowingCallable call) {
        assertThatExceptionOfType(OAuth2AuthenticationException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.getError().getErrorCode()).isEqualTo(error));
    }

    private boolean isActive(OAuth2AccessTokenAuthenticationToken answer) {
        return server.isActive(TestServer.accessTokenOf(answer));
    }

    @Test
    void aReplayedCodeRevokesTheFamily() {
        String code = server.code();
        OAuth2AccessTokenAuthenticationToken first = server.redeem(code);
        OAuth2AccessTokenAuthenticationToken second = server.refresh(TestServer.refreshTokenOf(first));
        assertThat(isActive(second)).isTrue();
        assertRefused("invalid_grant", () -> server.redeem(code));
        assertThat(isActive(second)).isFalse();
        assertRefused("invalid_grant", () -> server.refresh(TestServer.refreshTokenOf(second)));
    }

    @Test
    void aReplayedRefreshTokenRevokesTheFamily() {
        OAuth2AccessTokenAuthenticationToken first = server.redeem(server.code());
        OAuth2AccessTokenAuthenticationToken second = server.refresh(TestServer.refreshTokenOf(first));
        assertThat(isActive(first)).isFalse();
        assertThat(isActive(second)).isTrue();
        assertRefused("invalid_grant", () -> server.refresh(TestServer.refreshTokenOf(first)));
        assertThat(isActive(second)).isFalse();
        assertRefused("invalid_grant", () -> server.refresh(TestServer.refreshTokenOf(second)));
    }

    @Test
    void aRotatedRefreshTokenThatIsOnlyLookedAtRevokesNothing() {
        OAuth2AccessTokenAuthenticationToken first = server.redeem(server.code());
        OAuth2AccessTokenAuthenticationToken second = server.refresh(TestServer.refreshTokenOf(first));
        assertThat(server.isActive(TestServer.refreshTokenOf(first))).isFalse();
        assertThat(isActive(second)).isTrue();
    }

    @Test
    void aRotatedRefreshTokenThatIsRevokedRevokesTheFamily() {
        OAuth2AccessTokenAuthenticationToken first = server.redeem(server.code());
        OAuth2AccessTokenAuthenticationToken second = server.refresh(TestServer.refreshTokenOf(first));
        server.revoke(TestServer.refreshTokenOf(first));
        assertThat(isActive(second)).isFalse();
        assertRefused("invalid_grant", () -> server.refresh(TestServer.refreshTokenOf(second)));
    }

    @Test
    void aCodeThatAnotherClientPresentsIsDead() {
        String code = server.code();
        assertRefused("invalid_grant", () -> server.redeem(code, TestServer.authenticated(server.other)));
        assertRefused("invalid_grant", () -> server.redeem(code));
    }

    @Test
    void aRevokedAccessTokenLeavesTheRefreshToken() {
        OAuth2AccessTokenAuthenticationToken tokens = server.redeem(server.code());
        server.revoke(TestServer.accessTokenOf(tokens));
        assertThat(isActive(tokens)).isFalse();
        assertThat(isActive(server.refresh(TestServer.refreshTokenOf(tokens)))).isTrue();
    }

    @Test
    void aRefreshTokenThatIsReusedComesBackAsPresented() {
        try (TestServer reusing = new TestServer(TestEngine.open(engine.newUrl()), true, false)) {
            OAuth2AccessTokenAuthenticationToken tokens = reusing.redeem(reusing.code());
            String refreshToken = TestServer.refreshTokenOf(tokens);
            for (int i = 0; i < 3; i++) {
                OAuth2AccessTokenAuthenticationToken again = reusing.refresh(refreshToken);
                assertThat(TestServer.refreshTokenOf(again)).isEqualTo(refreshToken);
                assertThat(reusing.isActive(TestServer.accessTokenOf(again))).isTrue();
            }
            reusing.revoke(refreshToken);
            assertRefused("invalid_grant", () -> reusing.refresh(refreshToken));
        }
    }

    @Test
    void clientCredentialsAndTokenExchangeWork() {
        OAuth2AccessTokenAuthenticationToken machine = server.clientCredentials();
        assertThat(isActive(machine)).isTrue();
        OAuth2AccessTokenAuthenticationToken users = server.redeem(server.code());
        OAuth2AccessTokenAuthenticationToken exchanged = server.exchange(TestServer.accessTokenOf(users));
        assertThat(isActive(exchanged)).isTrue();
        server.revoke(TestServer.accessTokenOf(users));
        assertRefused("invalid_grant", () -> server.exchange(TestServer.accessTokenOf(users)));
        assertThat(root(TestServer.accessTokenOf(machine)).userId()).isNull();
        assertThat(root(TestServer.accessTokenOf(exchanged)).userId()).isEqualTo("alice");
    }

    private Authorization root(String accessToken) {
        String id = server.storage
                .accessTokens()
                .getByToken(TokenDigest.sha256(accessToken), RayId.random())
                .join()
                .orElseThrow()
                .authorizationId();
        return server.storage
                .authorizations()
                .getById(Objects.requireNonNull(id), RayId.random())
                .join()
                .orElseThrow();
    }

    @Test
    void aDeviceThatPollsTooFastIsSlowedDown() {
        OAuth2DeviceAuthorizationRequestAuthenticationToken request = server.deviceRequest();
        String deviceCode = TestServer.deviceCodeOf(request);
        assertRefused("authorization_pending", () -> server.deviceToken(deviceCode));
        assertRefused("slow_down", () -> server.deviceToken(deviceCode));
        server.verify(TestServer.userCodeOf(request), "alice");
        OAuth2AccessTokenAuthenticationToken tokens = server.deviceToken(deviceCode);
        assertThat(isActive(tokens)).isTrue();
        assertThat(root(TestServer.accessTokenOf(tokens)).userId()).isEqualTo("alice");
        assertRefused("access_denied", () -> server.deviceToken(deviceCode));
        assertThat(isActive(tokens)).isTrue();
    }

    @Test
    void aDeviceIsConsentedToOrDenied() {
        try (TestServer asking = new TestServer(TestEngine.open(engine.newUrl()), false, true)) {
            OAuth2DeviceAuthorizationRequestAuthenticationToken denied = asking.deviceRequest();
            String code = TestServer.userCodeOf(denied);
            String state = stateOf(asking.verify(code, "alice"));
            assertRefused("access_denied", () -> asking.deviceConsent(code, state, Set.of()));
            assertRefused("access_denied", () -> asking.deviceToken(TestServer.deviceCodeOf(denied)));
            assertRefused("invalid_request", () -> asking.deviceConsent(code, state, TestServer.SCOPES));

            OAuth2DeviceAuthorizationRequestAuthenticationToken allowed = asking.deviceRequest();
            String userCode = TestServer.userCodeOf(allowed);
            // The page that asks is loaded twice: the later one counts.
            String first = stateOf(asking.verify(userCode, "alice"));
            String second = stateOf(asking.verify(userCode, "alice"));
            assertRefused("invalid_request", () -> asking.deviceConsent(userCode, first, TestServer.SCOPES));
            asking.deviceConsent(userCode, second, TestServer.SCOPES);
            OAuth2AccessTokenAuthenticationToken tokens = asking.deviceToken(TestServer.deviceCodeOf(allowed));
            assertThat(asking.isActive(TestServer.accessTokenOf(tokens))).isTrue();
        }
    }

    private static String stateOf(Authentication answer) {
        return ((OAuth2DeviceAuthorizationConsentAuthenticationToken) answer).getState();
    }

    @Test
    void aConsentIsUsedOnceAndADoubleClickHarmsNothing() {
        try (TestServer asking = new TestServer(TestEngine.open(engine.newUrl()), false, true)) {
            String state = ((OAuth2AuthorizationConsentAuthenticationToken) asking.authorize(Map.of())).getState();
            String code = asking.consented(state);
            assertRefused("invalid_request", () -> asking.consented(state));
            assertThat(asking.isActive(TestServer.accessTokenOf(asking.redeem(code))))
                    .isTrue();
        }
    }

    @Test
    void aPushedRequestIsUsedOnce() {
        String requestUri = server.pushed();
        assertThat(isActive(server.redeem(server.codeByRequestUri(requestUri)))).isTrue();
        assertRefused("invalid_request", () -> server.codeByRequestUri(requestUri));
    }

    @Test
    void whatWasLoadedBeforeARemovalDoesNotComeBack() {
        OAuth2AccessTokenAuthenticationToken tokens = server.redeem(server.code());
        OAuth2Authorization loaded = server.found(TestServer.refreshTokenOf(tokens));
        server.service.remove(loaded);
        server.service.remove(loaded);
        assertThat(server.service.findById(loaded.getId())).isNull();
        OAuth2Authorization changed =
                OAuth2Authorization.from(loaded).attribute("later", 1).build();
        assertRefused("invalid_grant", () -> server.service.save(changed));
        OAuth2Authorization copied =
                OAuth2Authorization.from(loaded).id(copyOf(loaded.getId())).build();
        assertRefused("invalid_grant", () -> server.service.save(copied));
        assertThat(server.service.findById(loaded.getId())).isNull();
    }

    @Test
    void aCopyOfWhatWasLoadedRedeemsNothingTwice() {
        OAuth2AccessTokenAuthenticationToken first = server.redeem(server.code());
        OAuth2Authorization loaded = server.foundToRefresh(TestServer.refreshTokenOf(first));
        OAuth2Authorization rotated = OAuth2Authorization.from(loaded)
                .id(copyOf(loaded.getId()))
                .token(new OAuth2RefreshToken("made by hand", Instant.now()))
                .build();
        assertRefused("invalid_grant", () -> server.service.save(rotated));
        assertThat(isActive(server.refresh(TestServer.refreshTokenOf(first)))).isTrue();
    }

    @Test
    void whatWasSavedCanBeChangedAndSavedAgain() {
        OAuth2AccessTokenAuthenticationToken first = server.redeem(server.code());
        OAuth2Authorization loaded = server.foundToRefresh(TestServer.refreshTokenOf(first));
        OAuth2Authorization rotated = OAuth2Authorization.from(loaded)
                .token(new OAuth2RefreshToken(
                        "made by hand", Instant.now(), Instant.now().plusSeconds(60)))
                .build();
        server.service.save(rotated);
        server.service.save(
                OAuth2Authorization.from(rotated).attribute("later", 1).build());
        OAuth2Authorization found = server.foundToRefresh("made by hand");
        assertThat((Integer) found.getAttribute("later")).isEqualTo(1);
        assertThat(TestServer.token(found, OAuth2RefreshToken.class).isActive()).isTrue();
        // But what was made of the same before that is too late.
        OAuth2Authorization late = OAuth2Authorization.from(loaded)
                .token(new OAuth2RefreshToken("made by another hand", Instant.now()))
                .build();
        assertRefused("invalid_grant", () -> server.service.save(late));
        assertThat(server.service.findByToken("made by another hand", null)).isNull();
    }

    @Test
    void changesThatDoNotExcludeEachOtherAreAllKept() {
        OAuth2AccessTokenAuthenticationToken tokens = server.redeem(server.code());
        OAuth2Authorization one = server.found(TestServer.accessTokenOf(tokens));
        OAuth2Authorization other = server.found(TestServer.accessTokenOf(tokens));
        server.service.save(OAuth2Authorization.from(one).attribute("one", 1).build());
        server.service.save(OAuth2Authorization.from(other)
                .token(
                        TestServer.token(other, OAuth2AccessToken.class).getToken(),
                        metadata -> metadata.put("other", 2))
                .authorizedScopes(Set.of("less"))
                .build());
        OAuth2Authorization found = Objects.requireNonNull(server.service.findById(one.getId()));
        assertThat((Integer) found.getAttribute("one")).isEqualTo(1);
        assertThat((Integer) TestServer.token(found, OAuth2AccessToken.class).getMetadata("other"))
                .isEqualTo(2);
        assertThat(found.getAuthorizedScopes()).containsExactly("less");
    }

    @Test
    void aFamilyThatAnOperatorRevokesIsDeadToSpring() {
        OAuth2AccessTokenAuthenticationToken tokens = server.redeem(server.code());
        OAuth2Authorization loaded = server.found(TestServer.accessTokenOf(tokens));
        server.storage
                .authorizations()
                .revokeByUser("alice", Attempt.of(Instant.now(), "operator"), RayId.random())
                .join();
        assertThat(isActive(tokens)).isFalse();
        assertRefused("invalid_grant", () -> server.refresh(TestServer.refreshTokenOf(tokens)));
        server.service.save(
                OAuth2Authorization.from(loaded).attribute("later", 1).build());
        assertThat(isActive(tokens)).isFalse();
    }

    @SuppressWarnings({"StringOperationCanBeSimplified", "StringConstructor"})
    private static String copyOf(String id) {
        return new String(id);
    }
}
