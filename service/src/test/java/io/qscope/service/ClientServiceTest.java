package io.qscope.service;

import static io.qscope.service.Deployment.REDIRECT_URI;
import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.codeRequest;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.redemption;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.ClientConfig;
import io.qscope.model.Limits;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking at clients, changing and deleting them. */
@ParameterizedClass
@EnumSource
class ClientServiceTest {

    private static final String NOBODY = "no-such-client";

    private final Engine engine;

    private Deployment deployment;
    private ClientService clients;
    private RayId ray;
    private OAuthClient client;
    private String name;

    ClientServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        clients = deployment.services.clients();
        ray = deployment.ray;
        client = deployment.client();
        name = client.clientIdentifier();
        deployment.clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private OAuthClient stored() {
        return success(clients.get(name, ray));
    }

    private OAuthClient updated(ClientChangesBuilder changes) {
        return success(clients.update(name, changes.build(), "operator", ray));
    }

    private void assertNothingWasWritten() {
        assertThat(stored().version()).isEqualTo(1);
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void aClientIsReadEnabledOrNot() {
        assertThat(stored()).isEqualTo(client.toBuilder().version(1).build());
        success(clients.disable(name, "operator", ray));
        assertThat(stored().isEnabled()).isFalse();
        refused(clients.get(NOBODY, ray), ServiceError.NOT_FOUND);
    }

    @Test
    void clientsAreListedPageByPageInTheOrderOfTheirRegistration() {
        List<String> registered = new ArrayList<>(List.of(client.id()));
        for (int i = 0; i < 4; i++) {
            registered.add(success(clients.register(ClientRegistration.builder().build(), "operator", ray))
                    .client()
                    .id());
        }
        List<String> listed = new ArrayList<>();
        Optional<Page> page = Optional.of(Page.first(2));
        while (page.isPresent()) {
            Slice<OAuthClient> slice = success(clients.list(page.get(), ray));
            slice.rows().forEach(row -> listed.add(row.id()));
            page = slice.nextPage(2);
        }
        assertThat(listed).isEqualTo(registered);
        refused(clients.list(new Page("no page ended here", 2), ray), ServiceError.INVALID);
    }

    @Test
    void anUpdateChangesWhatItNamesAndTheEntryNamesTheFields() {
        ClientConfig config = client.config().toBuilder()
                .accessTokenTtl(Duration.ofMinutes(5))
                .maxActiveAccessTokens(3)
                .build();
        OAuthClient updated = updated(ClientChanges.builder()
                .redirectUris(List.of(REDIRECT_URI, "https://client.example/second"))
                .config(config));

        assertThat(updated)
                .isEqualTo(client.toBuilder()
                        .version(2)
                        .redirectUris(List.of(REDIRECT_URI, "https://client.example/second"))
                        .config(config)
                        .updatedAt(deployment.clock.instant())
                        .updatedBy("operator")
                        .build());
        assertThat(stored()).isEqualTo(updated);
        AuditLog entry =
                deployment.entries(AuditEvent.CLIENT_UPDATED, client.id()).get(0);
        assertThat(entry.metadata())
                .containsOnlyKeys("fields")
                .containsEntry(
                        "fields", List.of("redirectUris", "config.accessTokenTtl", "config.maxActiveAccessTokens"));
        assertThat(entry.createdBy()).isEqualTo("operator");
        assertThat(entry.createdAt()).isEqualTo(deployment.clock.instant());
    }

    @Test
    void everyFieldOfARegistrationIsNamedWhenItChanges() {
        OAuthClient other = client.toBuilder()
                .redirectUris(List.of())
                .grantTypes(Set.of())
                .scopes(Set.of())
                .config(new ClientConfig(
                        Set.of("none"),
                        false,
                        Set.of("plain"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        4,
                        5,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        java.util.Map.of("a", "b")))
                .build();
        assertThat(ChangedFields.between(client, other))
                .hasSize(3 + ClientConfig.class.getRecordComponents().length)
                .contains("scopes", "grantTypes", "config.requirePkce", "config.metadata");
        assertThat(ChangedFields.between(client, client)).isEmpty();
    }

    @Test
    void anUpdateThatChangesNothingWritesNothing() {
        assertThat(updated(ClientChanges.builder())).isEqualTo(stored());
        updated(ClientChanges.builder().scopes(client.scopes()).config(client.config()));
        assertNothingWasWritten();
    }

    @Test
    void anUpdateIsCheckedAsARegistrationIs() {
        List<ClientChanges> wrong = List.of(
                ClientChanges.builder()
                        .redirectUris(List.of("http://client.example/"))
                        .build(),
                ClientChanges.builder().redirectUris(List.of()).build(),
                ClientChanges.builder().grantTypes(Set.of("password")).build(),
                ClientChanges.builder().scopes(Set.of("two words")).build(),
                ClientChanges.builder()
                        .config(client.config().toBuilder()
                                .authorizationCodeTtl(Duration.ofMinutes(11))
                                .build())
                        .build());
        for (ClientChanges changes : wrong) {
            refused(clients.update(name, changes, "operator", ray), ServiceError.INVALID);
        }
        refused(
                clients.update(
                        name, ClientChanges.builder().scopes(Set.of("x")).build(), "x".repeat(Limits.NAME + 1), ray),
                ServiceError.INVALID);
        assertNothingWasWritten();
    }

    @Test
    void rfc6749_4_4_aPublicClientIsNotUpdatedToClientCredentials() {
        OAuthClient own = deployment.client(
                row -> row.isConfidential(false).clientSecret(null).grantTypes(Set.of()), config -> config);
        ClientChanges changes = ClientChanges.builder()
                .grantTypes(Set.of(GrantType.CLIENT_CREDENTIALS.value()))
                .build();
        refused(clients.update(own.clientIdentifier(), changes, "operator", ray), ServiceError.INVALID);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        refused(clients.update(NOBODY, ClientChanges.builder().build(), "operator", ray), ServiceError.NOT_FOUND);
        refused(clients.enable(NOBODY, "operator", ray), ServiceError.NOT_FOUND);
        refused(clients.disable(NOBODY, "operator", ray), ServiceError.NOT_FOUND);
        refused(clients.rotateSecret(NOBODY, null, null, "operator", ray), ServiceError.NOT_FOUND);
        refused(clients.delete(NOBODY, "operator", ray), ServiceError.NOT_FOUND);
        refused(clients.resolveRedirectUri(NOBODY, null, ray), ServiceError.INVALID_CLIENT);
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void rfc6749_5_2_aDisabledClientMayDoNothingUntilItIsEnabled() {
        IssuedTokens tokens = deployment.tokens(client);
        IssuedCode code = deployment.code(client);
        OAuthClient resource = deployment.client();
        success(clients.disable(name, "operator", ray));

        refused(clients.authenticate(credentials(client), ray), ServiceError.INVALID_CLIENT);
        refused(clients.authenticate(ClientCredentials.verified(name), ray), ServiceError.INVALID_CLIENT);
        refused(clients.resolveRedirectUri(name, REDIRECT_URI, ray), ServiceError.INVALID_CLIENT);
        refused(deployment.services.codes().issue(codeRequest(client).build(), ray), ServiceError.INVALID_CLIENT);
        refused(
                deployment.services.codes().redeem(credentials(client), redemption(code), ray),
                ServiceError.INVALID_CLIENT);
        assertThat(deployment.isActive(resource, tokens.accessToken())).isFalse();

        success(clients.enable(name, "operator", ray));
        success(clients.authenticate(credentials(client), ray));
        success(deployment.services.codes().redeem(credentials(client), redemption(code), ray));
        assertThat(deployment.isActive(resource, tokens.accessToken())).isTrue();
    }

    @Test
    void enablingAndDisablingAreLoggedOnceEach() {
        success(clients.enable(name, "operator", ray));
        assertNothingWasWritten();

        assertThat(success(clients.disable(name, "operator", ray)).version()).isEqualTo(2);
        assertThat(success(clients.disable(name, "operator", ray)).version()).isEqualTo(2);
        assertThat(success(clients.enable(name, "operator", ray)).version()).isEqualTo(3);
        assertThat(success(clients.enable(name, "operator", ray)).version()).isEqualTo(3);
        assertThat(deployment.entries())
                .extracting(AuditLog::eventType)
                .containsExactly(AuditEvent.CLIENT_DISABLED.type(), AuditEvent.CLIENT_ENABLED.type());
    }

    @Test
    void deletingAClientDeletesWhatDescendsFromItAndNoEvidence() {
        IssuedTokens tokens = deployment.tokens(client);
        OAuthClient other = deployment.client();
        IssuedTokens others = deployment.tokens(other);
        int entries = deployment.entries().size();
        done(clients.delete(name, "operator", ray));

        refused(clients.get(name, ray), ServiceError.NOT_FOUND);
        refused(clients.authenticate(credentials(client), ray), ServiceError.INVALID_CLIENT);
        assertThat(join(deployment.storage.accessTokens().getById(tokens.accessTokenId(), ray)))
                .isEmpty();
        assertThat(join(deployment.storage.authorizations().listByClient(client.id(), Page.first(1), ray))
                        .rows())
                .isEmpty();
        assertThat(deployment.isActive(other, others.accessToken())).isTrue();
        assertThat(deployment.entries()).hasSize(entries + 1);
        AuditLog entry =
                deployment.entries(AuditEvent.CLIENT_DELETED, client.id()).get(0);
        assertThat(entry.metadata()).containsEntry("client_identifier", name);
        assertThat(entry.createdBy()).isEqualTo("operator");

        refused(clients.delete(name, "operator", ray), ServiceError.NOT_FOUND);
        assertThat(deployment.entries()).hasSize(entries + 1);
    }

    @Test
    void anIdentifierIsFreeAgainAfterItsClientWasDeleted() {
        done(clients.delete(name, "operator", ray));
        RegisteredClient again = success(clients.register(
                ClientRegistration.builder().clientIdentifier(name).build(), "operator", ray));
        assertThat(again.client().id()).isNotEqualTo(client.id());
    }

    @Test
    void rfc9700_2_1_aRedirectUriIsResolvedAmongTheRegisteredOnes() {
        assertThat(success(clients.resolveRedirectUri(name, REDIRECT_URI, ray))).isEqualTo(REDIRECT_URI);
        assertThat(success(clients.resolveRedirectUri(name, null, ray))).isEqualTo(REDIRECT_URI);
        refused(clients.resolveRedirectUri(name, REDIRECT_URI + "/", ray), ServiceError.INVALID_REQUEST);
    }

    @Test
    void rfc8252_7_3_aNativeAppIsAnsweredOnThePortThatItListensOn() {
        updated(ClientChanges.builder().redirectUris(List.of("http://127.0.0.1/callback")));
        assertThat(success(clients.resolveRedirectUri(name, "http://127.0.0.1:51004/callback", ray)))
                .isEqualTo("http://127.0.0.1:51004/callback");

        IssuedCode code = success(deployment
                .services
                .codes()
                .issue(
                        codeRequest(client)
                                .redirectUri("http://127.0.0.1:51004/callback")
                                .build(),
                        ray));
        assertThat(code.redirectUri()).isEqualTo("http://127.0.0.1:51004/callback");
        CodeRedemption elsewhere =
                new CodeRedemption(code.code(), "http://127.0.0.1:51005/callback", Deployment.VERIFIER);
        refused(deployment.services.codes().redeem(credentials(client), elsewhere, ray), ServiceError.INVALID_GRANT);
        IssuedTokens tokens = success(deployment
                .services
                .codes()
                .redeem(
                        credentials(client),
                        new CodeRedemption(code.code(), "http://127.0.0.1:51004/callback", Deployment.VERIFIER),
                        ray));
        assertThat(tokens.userId()).isEqualTo(USER);
    }
}
