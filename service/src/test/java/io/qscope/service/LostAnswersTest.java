package io.qscope.service;

import static io.qscope.service.Deployment.codeRequest;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.redemption;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import io.qscope.store.StorageUnavailableException;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** When the storage's answer gets lost, what was asked for happens once, and the client gets what was stored. */
@ParameterizedClass
@EnumSource
class LostAnswersTest {

    private final Engine engine;

    private Deployment deployment;
    private LostAnswers lost;
    private OAuthServices services;
    private OAuthClient client;

    LostAnswersTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        lost = new LostAnswers(deployment.storage);
        services = services(ServicePolicy.defaults());
        client = deployment.client();
    }

    private OAuthServices services(ServicePolicy policy) {
        return OAuthServices.builder(lost.storage(), deployment.keys::get)
                .clock(deployment.clock)
                .policy(policy)
                .build();
    }

    @AfterEach
    void close() {
        services.close();
        deployment.close();
    }

    /** Loses two answers, then two units, in turn. */
    private void eachWay(Consumer<Integer> story) {
        lost.loseAfterCommit(2);
        story.accept(2);
        lost.loseBeforeCommit(2);
        story.accept(0);
        lost.loseBeforeCommit(1);
        lost.loseAfterCommit(1);
        story.accept(1);
    }

    @Test
    void aCodeIsIssuedOnce() {
        eachWay(way -> {
            IssuedCode code = success(services.codes().issue(codeRequest(client).build(), deployment.ray));
            assertThat(deployment.entries(AuditEvent.CODE_ISSUED, code.authorizationId()))
                    .hasSize(1);
            success(deployment.services.codes().redeem(credentials(client), redemption(code), deployment.ray));
        });
    }

    @Test
    void aCodeIsRedeemedOnceAndIsNoReplay() {
        eachWay(way -> {
            int kept = deployment.entries().size();
            IssuedCode code = deployment.code(client);
            IssuedTokens tokens =
                    success(services.codes().redeem(credentials(client), redemption(code), deployment.ray));
            assertThat(deployment.isActive(client, tokens.accessToken())).isTrue();
            assertThat(deployment.isActive(client, refreshToken(tokens))).isTrue();
            assertThat(deployment.entries()).hasSize(kept + 2);
        });
    }

    @Test
    void aRefreshTokenIsRotatedOnceAndIsNoReplay() {
        eachWay(way -> {
            IssuedTokens first = deployment.tokens(client);
            IssuedTokens second =
                    success(services.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
            assertThat(deployment.isActive(client, refreshToken(second))).isTrue();
            assertThat(deployment.entries(AuditEvent.TOKEN_REFRESHED, String.valueOf(first.authorizationId())))
                    .hasSize(1);
        });
    }

    @Test
    void aKeptRefreshTokenGivesOneAccessToken() {
        try (OAuthServices keeping = services(
                ServicePolicy.builder().reusesRefreshTokens(any -> true).build())) {
            eachWay(way -> {
                IssuedTokens first = deployment.tokens(client);
                IssuedTokens second = success(
                        keeping.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
                assertThat(deployment.isActive(client, second.accessToken())).isTrue();
                assertThat(deployment.entries(AuditEvent.TOKEN_REFRESHED, String.valueOf(first.authorizationId())))
                        .hasSize(1);
            });
        }
    }

    @Test
    void aClientGetsOneTokenAndATokenIsRevokedOnce() {
        eachWay(way -> {
            IssuedTokens issued =
                    success(services.tokens().clientCredentials(credentials(client), null, Map.of(), deployment.ray));
            assertThat(deployment.entries(AuditEvent.CLIENT_TOKEN_ISSUED, issued.accessTokenId()))
                    .hasSize(1);
        });
        eachWay(way -> {
            IssuedTokens issued = deployment.tokens(client);
            done(services.tokens().revoke(credentials(client), issued.accessToken(), null, deployment.ray));
            assertThat(deployment.isActive(client, issued.accessToken())).isFalse();
            assertThat(deployment.entries(AuditEvent.ACCESS_TOKEN_REVOKED, issued.accessTokenId()))
                    .hasSize(1);
        });
    }

    /** A database that restarts: the answer is lost, then connecting is refused for a while. */
    @Test
    void aStorageThatIsAwayForAMomentAfterwardsIsAskedUntilItAnswers() {
        for (int calls = 1; calls <= 2; calls++) {
            IssuedTokens first = deployment.tokens(client);
            lost.loseAfterCommit(1);
            lost.thenDown(calls);
            IssuedTokens second =
                    success(services.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray));
            assertThat(deployment.isActive(client, refreshToken(second))).isTrue();
            lost.loseAfterCommit(1);
            lost.thenDown(calls);
            IssuedCode code = success(services.codes().issue(codeRequest(client).build(), deployment.ray));
            assertThat(deployment.entries(AuditEvent.CODE_ISSUED, code.authorizationId()))
                    .hasSize(1);
        }
    }

    @Test
    void whatMayHaveHappenedIsNeverToldAsNotHappened() {
        IssuedTokens first = deployment.tokens(client);
        lost.loseAfterCommit(1);
        lost.thenDown(1_000);
        assertThatThrownBy(() ->
                        join(services.tokens().refresh(credentials(client), refreshToken(first), null, deployment.ray)))
                .cause()
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        unknown -> assertThat(unknown.outcomeUnknown()).isTrue());
        lost.thenDown(0);
        lost.loseAfterCommit(1);
        lost.thenDown(1_000);
        assertThatThrownBy(() -> join(services.codes().issue(codeRequest(client).build(), deployment.ray)))
                .cause()
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        unknown -> assertThat(unknown.outcomeUnknown()).isTrue());
    }

    @Test
    void aStorageThatStaysAwayFailsTheFutureAndSaysThatTheOutcomeIsUnknown() {
        IssuedCode code = deployment.code(client);
        lost.loseBeforeCommit(1_000);
        assertThatThrownBy(() -> join(services.codes().redeem(credentials(client), redemption(code), deployment.ray)))
                .hasCauseInstanceOf(StorageUnavailableException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        lost -> assertThat(lost.outcomeUnknown()).isTrue());
        lost.loseBeforeCommit(0);
        success(services.codes().redeem(credentials(client), redemption(code), deployment.ray));
    }
}
