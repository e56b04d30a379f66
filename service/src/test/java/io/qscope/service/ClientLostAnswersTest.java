package io.qscope.service;

import static io.qscope.service.Deployment.SECRET;
import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.RevokeCount;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** When the storage's answer gets lost, a client is changed once, and an operator's order carried out once. */
@ParameterizedClass
@EnumSource
class ClientLostAnswersTest {

    private final Engine engine;

    private Deployment deployment;
    private LostAnswers lost;
    private OAuthServices services;
    private RayId ray;

    ClientLostAnswersTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        ray = deployment.ray;
        lost = new LostAnswers(deployment.storage);
        services = OAuthServices.builder(lost.storage(), deployment.keys::get)
                .clock(deployment.clock)
                .build();
    }

    @AfterEach
    void close() {
        services.close();
        deployment.close();
    }

    /** With the answer lost after the unit was committed, with the unit itself lost, and with first one and then the other. */
    private void eachWay(Runnable story) {
        lost.loseAfterCommit(1);
        story.run();
        lost.loseBeforeCommit(2);
        story.run();
        lost.loseBeforeCommit(1);
        lost.loseAfterCommit(1);
        story.run();
    }

    private boolean isAccepted(OAuthClient client, String secret) {
        ClientCredentials credentials = ClientCredentials.secret(client.clientIdentifier(), secret);
        return join(deployment.services.clients().authenticate(credentials, ray))
                        .status()
                == 200;
    }

    @Test
    void aClientIsRegisteredOnceAndItsSecretIsTheOneShown() {
        eachWay(() -> {
            RegisteredClient registered = success(
                    services.clients().register(ClientRegistration.builder().build(), "operator", ray));
            assertThat(isAccepted(registered.client(), Objects.requireNonNull(registered.secret())))
                    .isTrue();
            assertThat(deployment.entries(
                            AuditEvent.CLIENT_REGISTERED, registered.client().id()))
                    .hasSize(1);
        });
    }

    @Test
    void aSecretIsRotatedOnceSoThatTheOneBeforeIsStillAccepted() {
        eachWay(() -> {
            OAuthClient client = deployment.client();
            RegisteredClient rotated = success(services.clients()
                    .rotateSecret(client.clientIdentifier(), null, Duration.ofDays(1), "operator", ray));
            assertThat(rotated.client().version()).isEqualTo(2);
            assertThat(isAccepted(client, Objects.requireNonNull(rotated.secret())))
                    .isTrue();
            assertThat(isAccepted(client, SECRET)).isTrue();
            assertThat(deployment.entries(AuditEvent.CLIENT_SECRET_ROTATED, client.id()))
                    .hasSize(1);
        });
    }

    @Test
    void aClientIsUpdatedAndDeletedOnce() {
        eachWay(() -> {
            OAuthClient client = deployment.client();
            ClientChanges changes =
                    ClientChanges.builder().scopes(Set.of("new")).build();
            OAuthClient updated =
                    success(services.clients().update(client.clientIdentifier(), changes, "operator", ray));
            assertThat(success(deployment.services.clients().get(client.clientIdentifier(), ray)))
                    .isEqualTo(updated);
            assertThat(deployment.entries(AuditEvent.CLIENT_UPDATED, client.id()))
                    .hasSize(1);
        });
        eachWay(() -> {
            OAuthClient client = deployment.client();
            done(services.clients().delete(client.clientIdentifier(), "operator", ray));
            assertThat(deployment.entries(AuditEvent.CLIENT_DELETED, client.id()))
                    .hasSize(1);
        });
    }

    @Test
    void aUserIsRevokedOnceAndACountThatGotLostIsZero() {
        OAuthClient client = deployment.client();
        IssuedTokens tokens = deployment.tokens(client);
        lost.loseAfterCommit(1);
        assertThat(success(services.operator().revokeUser(USER, "operator", ray)))
                .isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(deployment.isActive(client, tokens.accessToken())).isFalse();
        assertThat(deployment.entries())
                .filteredOn(entry -> entry.eventType().equals(AuditEvent.USER_REVOKED.type()))
                .hasSize(1);
    }
}
