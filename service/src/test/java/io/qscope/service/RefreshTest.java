package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.key.Key;
import io.qscope.model.AccessToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Refreshing (RFC 6749 section 6), with refresh tokens that rotate or that are kept. */
@ParameterizedClass
@EnumSource
class RefreshTest extends TokenScenarios {

    RefreshTest(Engine engine) {
        super(engine);
    }

    @Test
    void rfc6749_6_refreshingRotates() {
        IssuedTokens first = deployment.tokens(client);
        IssuedTokens second = refresh(client, refreshToken(first));
        assertThat(second.userId()).isEqualTo(USER);
        assertThat(second.authorizationId()).isEqualTo(first.authorizationId());
        assertThat(second.scopes()).isEqualTo(first.scopes());
        assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
        assertThat(deployment.isActive(client, refreshToken(first))).isFalse();
        assertThat(deployment.isActive(client, refreshToken(second))).isTrue();
        assertThat(stored(refreshToken(second)).predecessorId())
                .isEqualTo(stored(refreshToken(first)).id());
        assertThat(deployment.entries(AuditEvent.TOKEN_REFRESHED, String.valueOf(first.authorizationId())))
                .hasSize(1);
    }

    @Test
    void rfc6749_5_2_anotherClientsRefreshTokenIsRefusedAndStaysGood() {
        IssuedTokens first = deployment.tokens(client);
        OAuthClient other = deployment.client();
        int entries = deployment.entries().size();
        refuseRefresh(other, refreshToken(first), ServiceError.INVALID_GRANT);
        IssuedTokens second = refresh(client, refreshToken(first));
        // Nor does another client's replay harm the family.
        refuseRefresh(other, refreshToken(first), ServiceError.INVALID_GRANT);
        assertThat(deployment.isActive(client, refreshToken(second))).isTrue();
        assertThat(deployment.entries()).hasSize(entries + 1);
    }

    @Test
    void rfc6749_6_theScopeMayBeNarrowedAndNotWidened() {
        IssuedTokens first = deployment.tokens(client);
        IssuedTokens narrow =
                success(tokens.refresh(credentials(client), refreshToken(first), Set.of("read"), deployment.ray));
        assertThat(narrow.scopes()).containsExactly("read");
        // The refresh token keeps what was granted.
        IssuedTokens wide = refresh(client, refreshToken(narrow));
        assertThat(wide.scopes()).containsExactlyInAnyOrder("read", "write");
        refused(
                tokens.refresh(credentials(client), refreshToken(wide), Set.of("read", "admin"), deployment.ray),
                ServiceError.INVALID_SCOPE);
        assertThat(deployment.isActive(client, refreshToken(wide))).isTrue();
    }

    @Test
    void aNarrowedClientGetsNoMoreThanItMayStillHave() {
        IssuedTokens first = deployment.tokens(client);
        join(deployment
                .storage
                .clients()
                .update(client.toBuilder().version(1).scopes(Set.of("read")).build(), deployment.ray));
        IssuedTokens second = refresh(client, refreshToken(first));
        assertThat(second.scopes()).containsExactly("read");
        join(deployment
                .storage
                .clients()
                .update(client.toBuilder().version(2).scopes(Set.of("other")).build(), deployment.ray));
        refuseRefresh(client, refreshToken(second), ServiceError.INVALID_SCOPE);
    }

    @Test
    void rfc6749_6_expiredUnknownAndRevokedRefreshTokensAreRefused() {
        IssuedTokens old = deployment.tokens(client);
        deployment.clock.advance(Duration.ofDays(30));
        refuseRefresh(client, refreshToken(old), ServiceError.INVALID_GRANT);
        refuseRefresh(client, "unknown", ServiceError.INVALID_GRANT);
        IssuedTokens revoked = deployment.tokens(client);
        join(deployment
                .storage
                .refreshTokens()
                .revoke(
                        TokenDigest.sha256(refreshToken(revoked)),
                        Attempt.of(deployment.clock.instant(), "test"),
                        deployment.ray));
        refuseRefresh(client, refreshToken(revoked), ServiceError.INVALID_GRANT);
        assertThat(deployment.isActive(client, revoked.accessToken())).isTrue();
    }

    @Test
    void refreshTokensWithoutALifetimeLiveUntilTheyAreRevoked() {
        OAuthClient forever = deployment.client(row -> row, config -> config.refreshTokenTtl(null));
        IssuedTokens first = deployment.tokens(forever);
        deployment.clock.advance(Duration.ofDays(3_650));
        IssuedTokens second = refresh(forever, refreshToken(first));
        assertThat(stored(refreshToken(second)).expiresAt()).isNull();
    }

    @Test
    void byPolicyAConfidentialClientKeepsItsRefreshToken() {
        OAuthServices keeping = deployment.services(
                ServicePolicy.builder().reusesRefreshTokens(any -> true).build());
        IssuedTokens first = deployment.tokens(client);
        IssuedTokens second =
                success(keeping.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
        IssuedTokens third =
                success(keeping.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
        assertThat(List.of(refreshToken(second), refreshToken(third))).containsOnly(refreshToken(first));
        assertThat(List.of(first.accessToken(), second.accessToken(), third.accessToken()))
                .doesNotHaveDuplicates()
                .allMatch(token -> deployment.isActive(client, token));
        assertThat(stored(refreshToken(first)).version()).isEqualTo(3);
        keeping.close();
    }

    @Test
    void rfc9700_2_2_2_aPublicClientsRefreshTokenIsRotatedWhateverThePolicySays() {
        OAuthServices keeping = deployment.services(
                ServicePolicy.builder().reusesRefreshTokens(any -> true).build());
        OAuthClient open = deployment.publicClient();
        IssuedTokens first = deployment.tokens(open);
        IssuedTokens second =
                success(keeping.tokens().refresh(credentials(open), refreshToken(first), null, deployment.ray));
        assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
        refused(
                keeping.tokens().refresh(credentials(open), refreshToken(first), null, deployment.ray),
                ServiceError.INVALID_GRANT);
        keeping.close();
    }

    @Test
    void keptRefreshTokensOfARevokedFamilyAreRefused() {
        OAuthServices keeping = deployment.services(
                ServicePolicy.builder().reusesRefreshTokens(any -> true).build());
        IssuedTokens first = deployment.tokens(client);
        done(tokens.revoke(credentials(client), refreshToken(first), null, deployment.ray));
        refused(
                keeping.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray),
                ServiceError.INVALID_GRANT);
        keeping.close();
    }

    @Test
    void keyedTokensAreFoundAfterARotationAndUnkeyedOnesAfterTheChangeOfPolicy() {
        IssuedTokens unkeyed = deployment.tokens(client);
        OAuthServices keyed =
                deployment.services(ServicePolicy.builder().keyedTokens(true).build());
        IssuedTokens first =
                success(keyed.tokens().refresh(credentials(client), refreshToken(unkeyed), null, deployment.ray));
        AccessToken row = join(deployment.storage.accessTokens().getById(first.accessTokenId(), deployment.ray))
                .orElseThrow();
        assertThat(row.token().keyId()).isEqualTo("first");
        deployment.keys.updateAndGet(ring -> ring.writingWith(Key.generate("second")));
        assertThat(success(keyed.tokens().introspect(credentials(client), first.accessToken(), null, deployment.ray))
                        .active())
                .isTrue();
        IssuedTokens second =
                success(keyed.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
        // And back: a deployment that no longer wants keyed tokens still finds those it has.
        assertThat(deployment.isActive(client, second.accessToken())).isTrue();
        assertThat(join(deployment.storage.keysInUse(deployment.clock.instant(), deployment.ray)))
                .containsExactlyInAnyOrder("first", "second");
        keyed.close();
    }
}
