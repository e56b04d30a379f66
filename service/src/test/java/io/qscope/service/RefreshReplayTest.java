package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import io.qscope.store.Grace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Refresh tokens that come again (RFC 9700 section 4.14.2), and the grace in which they may. */
@ParameterizedClass
@EnumSource
class RefreshReplayTest extends TokenScenarios {

    private static final Grace GRACE = new Grace(Duration.ofSeconds(30), 2);

    RefreshReplayTest(Engine engine) {
        super(engine);
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
    void aReplayIsToldOfThePersonItSpokeFor() {
        IssuedTokens first = deployment.tokens(client);
        refresh(client, refreshToken(first));
        refuseRefresh(client, refreshToken(first), ServiceError.INVALID_GRANT);
        assertThat(deployment.entries(AuditEvent.REFRESH_TOKEN_REPLAYED, String.valueOf(first.authorizationId())))
                .extracting(entry -> String.valueOf(entry.userId()))
                .containsExactlyElementsOf(deployment.services.audit().referencesTo(USER));
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
}
