package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.Consent;
import io.qscope.model.OAuthClient;
import io.qscope.result.Result;
import io.qscope.store.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What users have agreed to. */
@ParameterizedClass
@EnumSource
class ConsentServiceTest {

    private static final String OPERATOR = "operator";

    private final Engine engine;

    private Deployment deployment;
    private ConsentService consents;
    private OAuthClient client;
    private String name;

    ConsentServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        consents = deployment.services.consents();
        client = deployment.client();
        name = client.clientIdentifier();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private Set<String> granted() {
        return success(consents.granted(name, USER, deployment.ray));
    }

    @Test
    void scopesAddUpAndAreToldOnce() {
        assertThat(granted()).isEmpty();
        Consent first = success(consents.grant(name, USER, Set.of("read"), deployment.ray));
        Consent second = success(consents.grant(name, USER, Set.of("write"), deployment.ray));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(granted()).containsExactlyInAnyOrder("read", "write");
        Consent same = success(consents.grant(name, USER, Set.of("read", "write"), deployment.ray));
        assertThat(same).isEqualTo(second);
        assertThat(deployment.entries(AuditEvent.CONSENT_GRANTED, first.id())).hasSize(2);
    }

    @Test
    void aConsentIsOfOneUserAtOneClient() {
        success(consents.grant(name, USER, Set.of("read"), deployment.ray));
        OAuthClient other = deployment.client();
        assertThat(success(consents.granted(other.clientIdentifier(), USER, deployment.ray)))
                .isEmpty();
        assertThat(success(consents.granted(name, "bob", deployment.ray))).isEmpty();
        refused(consents.granted("nobody", USER, deployment.ray), ServiceError.NOT_FOUND);
        refused(consents.grant("nobody", USER, Set.of("read"), deployment.ray), ServiceError.NOT_FOUND);
        refused(consents.grant(name, USER, Set.of(), deployment.ray), ServiceError.INVALID);
    }

    @Test
    void aWithdrawnConsentTakesTheUsersFamiliesAtTheClientWithIt() {
        success(consents.grant(name, USER, Set.of("read"), deployment.ray));
        IssuedTokens tokens = deployment.tokens(client);
        OAuthClient other = deployment.client();
        IssuedTokens elsewhere = deployment.tokens(other);
        done(consents.revoke(name, USER, OPERATOR, deployment.ray));
        assertThat(granted()).isEmpty();
        assertThat(deployment.isActive(client, tokens.accessToken())).isFalse();
        assertThat(deployment.isActive(client, refreshToken(tokens))).isFalse();
        assertThat(deployment.isActive(other, elsewhere.accessToken())).isTrue();
        refused(consents.revoke(name, USER, OPERATOR, deployment.ray), ServiceError.NOT_FOUND);
        assertThat(deployment.entries(AuditEvent.AUTHORIZATION_REVOKED, String.valueOf(tokens.authorizationId())))
                .hasSize(1);
    }

    @Test
    void consentingAnewIsANewConsentAndTheOldOneStaysWithdrawn() {
        Consent first = success(consents.grant(name, USER, Set.of("read", "write"), deployment.ray));
        done(consents.revoke(name, USER, OPERATOR, deployment.ray));
        Consent second = success(consents.grant(name, USER, Set.of("read"), deployment.ray));
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(granted()).containsExactly("read");
        assertThat(success(consents.list(USER, Page.first(10), deployment.ray)).rows())
                .extracting(Consent::isLive)
                .containsExactly(false, true);
    }

    @Test
    void ofGrantsAtOnceNoScopeIsLost() {
        List<CompletableFuture<Result<Consent>>> grants = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            grants.add(consents.grant(name, USER, Set.of("scope-" + i), deployment.ray));
        }
        grants.forEach(Deployment::success);
        assertThat(granted()).hasSize(16);
        assertThat(success(consents.list(USER, Page.first(10), deployment.ray)).rows())
                .hasSize(1);
        assertThat(deployment.entries())
                .filteredOn(entry -> entry.eventType().equals(AuditEvent.CONSENT_GRANTED.type()))
                .hasSize(16);
    }

    @Test
    void aUserWhoWithdrawsIsNotNamedInTheLog() {
        success(consents.grant(name, USER, Set.of("read"), deployment.ray));
        deployment.tokens(client);
        done(consents.revoke(name, USER, USER, deployment.ray));
        assertThat(deployment.entries()).hasSizeGreaterThan(3);
        assertThat(deployment.entries().toString()).doesNotContain(USER);
    }

    @Test
    void oddNamesAreRefusedAlikeOnEveryEngine() {
        for (String odd : List.of(" ", "half \ud800", "a".repeat(256))) {
            refused(consents.grant(name, odd, Set.of("read"), deployment.ray), ServiceError.INVALID);
            refused(consents.granted(name, odd, deployment.ray), ServiceError.INVALID);
            refused(consents.revoke(name, odd, OPERATOR, deployment.ray), ServiceError.INVALID);
            refused(consents.list(odd, Page.first(1), deployment.ray), ServiceError.INVALID);
            refused(
                    deployment.services.operator().authorizationsOfUser(odd, Page.first(1), deployment.ray),
                    ServiceError.INVALID);
        }
        refused(deployment.services.operator().authorization("half \ud800", deployment.ray), ServiceError.NOT_FOUND);
    }
}
