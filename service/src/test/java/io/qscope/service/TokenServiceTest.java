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
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Client credentials, refreshing, introspection, revocation. */
@ParameterizedClass
@EnumSource
class TokenServiceTest {

    private static final Grace GRACE = new Grace(Duration.ofSeconds(30), 2);

    private final Engine engine;

    private Deployment deployment;
    private TokenService tokens;
    private OAuthClient client;

    TokenServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        tokens = deployment.services.tokens();
        client = deployment.client();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private IssuedTokens refresh(OAuthClient by, String refreshToken) {
        return success(tokens.refresh(credentials(by), refreshToken, null, deployment.ray));
    }

    private void refuseRefresh(OAuthClient by, String refreshToken, ServiceError error) {
        refused(tokens.refresh(credentials(by), refreshToken, null, deployment.ray), error);
    }

    private RefreshToken stored(String refreshToken) {
        return join(deployment.storage.refreshTokens().getByToken(TokenDigest.sha256(refreshToken), deployment.ray))
                .orElseThrow();
    }

    // Client credentials

    @Test
    void rfc6749_4_4_aClientGetsATokenForItselfAndNoRefreshToken() {
        IssuedTokens issued = success(tokens.clientCredentials(
                credentials(client), Set.of("read"), Map.of("aud", "https://api.example"), deployment.ray));
        assertThat(issued.refreshToken()).isNull();
        assertThat(issued.userId()).isNull();
        assertThat(issued.authorizationId()).isNull();
        assertThat(issued.scopes()).containsExactly("read");
        assertThat(deployment.isActive(client, issued.accessToken())).isTrue();
        assertThat(deployment.entries(AuditEvent.CLIENT_TOKEN_ISSUED, issued.accessTokenId()))
                .hasSize(1);
    }

    @Test
    void rfc6749_3_3_withoutAScopeAllOfTheClientsAreMeantAndOthersAreRefused() {
        assertThat(success(tokens.clientCredentials(credentials(client), null, Map.of(), deployment.ray))
                        .scopes())
                .containsExactlyInAnyOrder("read", "write");
        refused(
                tokens.clientCredentials(credentials(client), Set.of("admin"), Map.of(), deployment.ray),
                ServiceError.INVALID_SCOPE);
    }

    @Test
    void rfc6749_4_4_aPublicClientMayNotUseIt() {
        OAuthClient open = deployment.publicClient();
        refused(
                tokens.clientCredentials(credentials(open), null, Map.of(), deployment.ray),
                ServiceError.UNAUTHORIZED_CLIENT);
        OAuthClient other = deployment.client(row -> row.grantTypes(Set.of("refresh_token")), config -> config);
        refused(
                tokens.clientCredentials(credentials(other), null, Map.of(), deployment.ray),
                ServiceError.UNAUTHORIZED_CLIENT);
        assertThat(deployment.entries()).isEmpty();
    }

    // Refreshing

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
    void rfc9700_4_14_2_aReplayedRefreshTokenRevokesTheFamily() {
        IssuedTokens first = deployment.tokens(client);
        IssuedTokens second = refresh(client, refreshToken(first));
        refuseRefresh(client, refreshToken(first), ServiceError.INVALID_GRANT);
        for (String token :
                List.of(first.accessToken(), second.accessToken(), refreshToken(first), refreshToken(second))) {
            assertThat(deployment.isActive(client, token)).isFalse();
        }
        refuseRefresh(client, refreshToken(second), ServiceError.INVALID_GRANT);
        assertThat(deployment.entries(AuditEvent.REFRESH_TOKEN_REPLAYED, String.valueOf(first.authorizationId())))
                .hasSize(1);
    }

    @Test
    void rfc9700_4_14_2_aReplayAfterExpiryOrWithABadScopeIsAReplayStill() {
        for (boolean expired : new boolean[] {true, false}) {
            IssuedTokens first = deployment.tokens(client);
            IssuedTokens second = refresh(client, refreshToken(first));
            if (expired) {
                deployment.clock.advance(Duration.ofDays(31));
            }
            refused(
                    tokens.refresh(
                            credentials(client), refreshToken(first), expired ? null : Set.of("admin"), deployment.ray),
                    ServiceError.INVALID_GRANT);
            assertThat(join(deployment
                            .storage
                            .authorizations()
                            .getById(String.valueOf(second.authorizationId()), deployment.ray)))
                    .hasValueSatisfying(root -> assertThat(root.isLive()).isFalse());
        }
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
    void aGraceLetsALostResponseBeAskedForAgainBoundedInCount() {
        OAuthServices lenient =
                deployment.services(ServicePolicy.builder().refreshGrace(GRACE).build());
        IssuedTokens first = deployment.tokens(client);
        List<IssuedTokens> siblings = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            siblings.add(
                    success(lenient.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray)));
        }
        for (IssuedTokens sibling : siblings) {
            assertThat(deployment.isActive(client, refreshToken(sibling))).isTrue();
        }
        refused(
                lenient.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray),
                ServiceError.INVALID_GRANT);
        for (IssuedTokens sibling : siblings) {
            assertThat(deployment.isActive(client, refreshToken(sibling))).isFalse();
        }
        assertThat(deployment.entries(AuditEvent.TOKEN_REFRESHED, String.valueOf(first.authorizationId())))
                .filteredOn(entry -> entry.metadata().containsKey("within_grace"))
                .hasSize(2);
        lenient.close();
    }

    @Test
    void aGraceEndsWithItsWindowAndOnceASuccessorWasUsed() {
        OAuthServices lenient =
                deployment.services(ServicePolicy.builder().refreshGrace(GRACE).build());
        IssuedTokens late = deployment.tokens(client);
        success(lenient.tokens().refresh(credentials(client), refreshToken(late), null, deployment.ray));
        deployment.clock.advance(GRACE.window().plusMillis(1));
        refused(
                lenient.tokens().refresh(credentials(client), refreshToken(late), null, deployment.ray),
                ServiceError.INVALID_GRANT);

        IssuedTokens first = deployment.tokens(client);
        IssuedTokens second =
                success(lenient.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
        IssuedTokens third =
                success(lenient.tokens().refresh(credentials(client), refreshToken(second), null, deployment.ray));
        refused(
                lenient.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray),
                ServiceError.INVALID_GRANT);
        assertThat(deployment.isActive(client, refreshToken(third))).isFalse();
        lenient.close();
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

    // Introspection

    @Test
    void rfc7662_2_2_anActiveTokenIsDescribed() {
        OAuthServices named = deployment.services(
                ServicePolicy.builder().issuer("https://server.example").build());
        IssuedTokens issued = deployment.tokens(client);
        Introspection about =
                success(named.tokens().introspect(credentials(client), issued.accessToken(), null, deployment.ray));
        long now = deployment.clock.instant().getEpochSecond();
        assertThat(about.response())
                .containsEntry("active", true)
                .containsEntry("scope", String.join(" ", issued.scopes()))
                .containsEntry("client_id", client.clientIdentifier())
                .containsEntry("sub", USER)
                .containsEntry("token_type", "Bearer")
                .containsEntry("iat", now)
                .containsEntry("nbf", now)
                .containsEntry("exp", now + client.config().accessTokenTtl().toSeconds())
                .containsEntry("iss", "https://server.example")
                .containsEntry("jti", issued.accessTokenId());
        named.close();
    }

    @Test
    void rfc7662_2_2_whateverIsNotGoodIsInactiveAndNothingMore() {
        IssuedTokens issued = deployment.tokens(client);
        done(tokens.revoke(credentials(client), issued.accessToken(), null, deployment.ray));
        IssuedTokens expired = deployment.tokens(client);
        deployment.clock.advance(client.config().accessTokenTtl());
        for (String token : List.of("unknown", "", issued.accessToken(), expired.accessToken())) {
            assertThat(success(tokens.introspect(credentials(client), token, null, deployment.ray))
                            .response())
                    .containsOnly(Map.entry("active", false));
        }
    }

    @Test
    void rfc7662_2_1_theHintIsOnlyAHint() {
        IssuedTokens issued = deployment.tokens(client);
        for (String hint : new String[] {null, "access_token", "refresh_token", "nonsense"}) {
            for (String token : List.of(issued.accessToken(), refreshToken(issued))) {
                assertThat(success(tokens.introspect(credentials(client), token, hint, deployment.ray))
                                .active())
                        .isTrue();
            }
        }
    }

    @Test
    void rfc7662_4_onlyAuthenticatedConfidentialClientsMayAskAndOnlyWhatThePolicyAllows() {
        IssuedTokens issued = deployment.tokens(client);
        OAuthClient open = deployment.publicClient();
        refused(
                tokens.introspect(credentials(open), issued.accessToken(), null, deployment.ray),
                ServiceError.INVALID_CLIENT);
        refused(
                tokens.introspect(
                        ClientCredentials.secret(client.clientIdentifier(), "wrong"),
                        issued.accessToken(),
                        null,
                        deployment.ray),
                ServiceError.INVALID_CLIENT);
        OAuthClient other = deployment.client();
        assertThat(deployment.isActive(other, issued.accessToken())).isTrue();
        assertThat(deployment.isActive(other, refreshToken(issued))).isFalse();
        OAuthServices strict = deployment.services(ServicePolicy.builder()
                .mayIntrospect((caller, token) -> caller.id().equals(token.clientId()))
                .build());
        assertThat(success(strict.tokens().introspect(credentials(other), issued.accessToken(), null, deployment.ray))
                        .active())
                .isFalse();
        assertThat(success(strict.tokens().introspect(credentials(client), issued.accessToken(), null, deployment.ray))
                        .active())
                .isTrue();
        strict.close();
    }

    @Test
    void tokensOfADisabledClientAreInactiveUntilItIsEnabledAgain() {
        IssuedTokens issued = deployment.tokens(client);
        OAuthClient other = deployment.client();
        join(deployment
                .storage
                .clients()
                .update(client.toBuilder().version(1).isEnabled(false).build(), deployment.ray));
        assertThat(deployment.isActive(other, issued.accessToken())).isFalse();
        join(deployment.storage.clients().update(client.toBuilder().version(2).build(), deployment.ray));
        assertThat(deployment.isActive(other, issued.accessToken())).isTrue();
    }

    // Revocation

    @Test
    void rfc7009_2_1_revokingAnAccessTokenEndsItAlone() {
        IssuedTokens issued = deployment.tokens(client);
        done(tokens.revoke(credentials(client), issued.accessToken(), null, deployment.ray));
        assertThat(deployment.isActive(client, issued.accessToken())).isFalse();
        assertThat(deployment.isActive(client, refreshToken(issued))).isTrue();
        done(tokens.revoke(credentials(client), issued.accessToken(), null, deployment.ray));
        assertThat(deployment.entries(AuditEvent.ACCESS_TOKEN_REVOKED, issued.accessTokenId()))
                .hasSize(1);
    }

    @Test
    void rfc7009_2_1_revokingARefreshTokenEndsItsFamily() {
        IssuedTokens first = deployment.tokens(client);
        IssuedTokens second = refresh(client, refreshToken(first));
        done(tokens.revoke(credentials(client), refreshToken(second), "access_token", deployment.ray));
        for (String token : List.of(first.accessToken(), second.accessToken(), refreshToken(second))) {
            assertThat(deployment.isActive(client, token)).isFalse();
        }
        assertThat(deployment.entries(AuditEvent.REFRESH_TOKEN_REVOKED, String.valueOf(first.authorizationId())))
                .hasSize(1);
    }

    @Test
    void rfc7009_2_2_anUnknownTokenIsASuccessAndWritesNothing() {
        done(tokens.revoke(credentials(client), "unknown", null, deployment.ray));
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void rfc7009_2_1_anotherClientsTokenIsRefusedAndStaysGood() {
        IssuedTokens issued = deployment.tokens(client);
        OAuthClient other = deployment.client();
        for (String token : List.of(issued.accessToken(), refreshToken(issued))) {
            refused(tokens.revoke(credentials(other), token, null, deployment.ray), ServiceError.INVALID_GRANT);
            assertThat(deployment.isActive(client, token)).isTrue();
        }
    }

    // Limits

    @Test
    void beyondALimitTheOldestAccessTokensOfTheUserAreRevokedFirst() {
        OAuthClient limited = deployment.client(row -> row, config -> config.maxActiveAccessTokens(2));
        List<IssuedTokens> issued = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            deployment.clock.advance(Duration.ofSeconds(1));
            issued.add(deployment.tokens(limited));
        }
        assertThat(issued)
                .extracting(each -> deployment.isActive(limited, each.accessToken()))
                .containsExactly(false, false, true, true);
        deployment.clock.advance(Duration.ofSeconds(1));
        IssuedTokens refreshed = refresh(limited, refreshToken(issued.get(0)));
        assertThat(deployment.isActive(limited, refreshed.accessToken())).isTrue();
        assertThat(deployment.isActive(limited, issued.get(2).accessToken())).isFalse();
    }

    @Test
    void beyondALimitTheOldestRefreshTokensOfTheUserAreRevokedFirst() {
        OAuthClient limited = deployment.client(row -> row, config -> config.maxActiveRefreshTokens(2));
        List<IssuedTokens> issued = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            deployment.clock.advance(Duration.ofSeconds(1));
            issued.add(deployment.tokens(limited));
        }
        assertThat(issued)
                .extracting(each -> deployment.isActive(limited, refreshToken(each)))
                .containsExactly(false, true, true);
        deployment.clock.advance(Duration.ofSeconds(1));
        IssuedTokens rotated = refresh(limited, refreshToken(issued.get(1)));
        assertThat(deployment.isActive(limited, refreshToken(rotated))).isTrue();
        assertThat(deployment.isActive(limited, refreshToken(issued.get(2)))).isTrue();
    }

    @Test
    void aClientsOwnTokensHaveALimitOfTheirOwn() {
        OAuthClient limited = deployment.client(row -> row, config -> config.maxActiveAccessTokens(1));
        IssuedTokens ofUser = deployment.tokens(limited);
        List<String> own = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            deployment.clock.advance(Duration.ofSeconds(1));
            own.add(success(tokens.clientCredentials(credentials(limited), null, Map.of(), deployment.ray))
                    .accessToken());
        }
        assertThat(own).extracting(token -> deployment.isActive(limited, token)).containsExactly(false, true);
        assertThat(deployment.isActive(limited, ofUser.accessToken())).isTrue();
    }

    @Test
    void whatWasJustIssuedIsNeverTheOldestWhateverOtherClocksSay() {
        OAuthClient limited = deployment.client(
                row -> row, config -> config.maxActiveAccessTokens(1).maxActiveRefreshTokens(1));
        deployment.clock.advance(Duration.ofSeconds(5));
        IssuedTokens ahead = deployment.tokens(limited);
        deployment.clock.advance(Duration.ofSeconds(-5));
        IssuedTokens behind = deployment.tokens(limited);
        assertThat(List.of(behind.accessToken(), refreshToken(behind)))
                .allMatch(token -> deployment.isActive(limited, token));
        assertThat(List.of(ahead.accessToken(), refreshToken(ahead)))
                .noneMatch(token -> deployment.isActive(limited, token));
    }

    @Test
    void aLimitDoesNotUndoAGrace() {
        OAuthClient limited = deployment.client(row -> row, config -> config.maxActiveRefreshTokens(1));
        OAuthServices lenient =
                deployment.services(ServicePolicy.builder().refreshGrace(GRACE).build());
        IssuedTokens first = deployment.tokens(limited);
        for (int i = 0; i < 2; i++) {
            IssuedTokens sibling =
                    success(lenient.tokens().refresh(credentials(limited), refreshToken(first), null, deployment.ray));
            assertThat(deployment.isActive(limited, refreshToken(sibling))).isTrue();
        }
        lenient.close();
    }

    @Test
    void withinAGraceAScopeThatWasNotGrantedIsAReplay() {
        OAuthServices lenient =
                deployment.services(ServicePolicy.builder().refreshGrace(GRACE).build());
        IssuedTokens first = deployment.tokens(client);
        success(lenient.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
        refused(
                lenient.tokens().refresh(credentials(client), refreshToken(first), Set.of("admin"), deployment.ray),
                ServiceError.INVALID_GRANT);
        assertThat(deployment.isActive(client, first.accessToken())).isFalse();
        lenient.close();
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

    /** RFC 9700 §4.15: a client may have a user's name as its identifier. */
    @Test
    void rfc9700_4_15_aClientIsNoSubject() {
        IssuedTokens own = success(tokens.clientCredentials(credentials(client), null, Map.of(), deployment.ray));
        assertThat(success(tokens.introspect(credentials(client), own.accessToken(), null, deployment.ray))
                        .claims())
                .doesNotContainKey("sub")
                .containsEntry("client_id", client.clientIdentifier());
    }

    @Test
    void aReplayIsToldOfThePersonItSpokeFor() {
        IssuedTokens first = deployment.tokens(client);
        refresh(client, refreshToken(first));
        refuseRefresh(client, refreshToken(first), ServiceError.INVALID_GRANT);
        assertThat(deployment.entries(AuditEvent.REFRESH_TOKEN_REPLAYED, String.valueOf(first.authorizationId())))
                .extracting(entry -> String.valueOf(entry.userId()))
                .containsExactlyElementsOf(deployment.services.audit().referencesTo(USER));
    }

    // Keys

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
