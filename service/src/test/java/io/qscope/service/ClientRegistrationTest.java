package io.qscope.service;

import static io.qscope.service.Deployment.REDIRECT_URI;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.ClientConfig;
import io.qscope.model.Limits;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.result.FailedResult;
import io.qscope.store.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Registering clients: what they get, and what may not be registered. */
@ParameterizedClass
@EnumSource
class ClientRegistrationTest {

    private static final String CHOSEN = "a secret that somebody chose";

    private final Engine engine;

    private Deployment deployment;
    private ClientService clients;
    private RayId ray;

    ClientRegistrationTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        clients = deployment.services.clients();
        ray = deployment.ray;
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private static ClientRegistrationBuilder registration() {
        return ClientRegistration.builder()
                .redirectUris(List.of(REDIRECT_URI))
                .grantTypes(Set.of(GrantType.AUTHORIZATION_CODE.value()))
                .scopes(Set.of("read", "write"));
    }

    private RegisteredClient registered(ClientRegistrationBuilder registration) {
        return success(clients.register(registration.build(), "operator", ray));
    }

    /** That it is invalid, because of that field, and that nothing was stored. */
    private FailedResult<?> invalid(String field, ClientRegistrationBuilder registration) {
        FailedResult<?> failed = refused(clients.register(registration.build(), "operator", ray), ServiceError.INVALID);
        assertThat(failed.clientMessage()).contains(field);
        assertThat(failed.rayId()).isEqualTo(ray);
        assertThat(success(clients.list(Page.first(1), ray)).rows()).isEmpty();
        assertThat(deployment.entries()).isEmpty();
        return failed;
    }

    private static ClientConfig config(Duration codeTtl, Set<String> methods) {
        return ClientConfig.builder()
                .authorizationCodeTtl(codeTtl)
                .pkceMethods(methods)
                .build();
    }

    @Test
    void rfc6749_10_10_anIdentifierAndASecretOf256RandomBitsAreGenerated() {
        RegisteredClient one = registered(registration());
        RegisteredClient other = registered(registration());
        String secret = Objects.requireNonNull(one.secret());

        assertThat(Base64.getUrlDecoder().decode(secret)).hasSize(32);
        assertThat(other.secret()).isNotEqualTo(secret);
        assertThat(other.client().clientIdentifier()).isNotEqualTo(one.client().clientIdentifier());
        assertThat(one.client().isEnabled()).isTrue();
        assertThat(one.client().createdBy()).isEqualTo("operator");
        assertThat(success(clients.authenticate(
                        ClientCredentials.secret(one.client().clientIdentifier(), secret), ray)))
                .isEqualTo(one.client());
    }

    @Test
    void theAnswerIsTheClientAsStored() {
        RegisteredClient registered = registered(registration().clientIdentifier("my app ~"));
        assertThat(registered.client().clientIdentifier()).isEqualTo("my app ~");
        assertThat(success(clients.get("my app ~", ray))).isEqualTo(registered.client());
        assertThat(join(clients.register(registration().build(), "operator", ray))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aGeneratedSecretIsShownOnceAndKeptAsItsDigest() {
        RegisteredClient registered = registered(registration());
        OAuthClient stored = success(clients.get(registered.client().clientIdentifier(), ray));
        assertThat(Objects.requireNonNull(stored.clientSecret()).value()).matches("\\{sha256}[0-9a-f]{64}");
        assertThat(stored.previousClientSecret()).isNull();
        assertThat(registered.toString()).doesNotContain(Objects.requireNonNull(registered.secret()));
    }

    @Test
    void rfc9106_aChosenSecretIsHashedWithArgon2idAndNotShownAgain() {
        ClientRegistrationBuilder registration =
                registration().clientIdentifier("app").chosenSecret(CHOSEN);
        assertThat(registration.build().toString()).doesNotContain(CHOSEN);
        RegisteredClient registered = registered(registration);

        assertThat(registered.secret()).isNull();
        assertThat(Objects.requireNonNull(registered.client().clientSecret()).value())
                .startsWith("{argon2id}$argon2id$");
        success(clients.authenticate(ClientCredentials.secret("app", CHOSEN), ray));
        refused(clients.authenticate(ClientCredentials.secret("app", CHOSEN + "x"), ray), ServiceError.INVALID_CLIENT);
    }

    @Test
    void aChosenSecretHasABoundedLength() {
        for (String wrong : List.of("", "fifteen letters", "x".repeat(257))) {
            FailedResult<?> failed = invalid("chosenSecret", registration().chosenSecret(wrong));
            assertThat(failed.clientMessage()).contains("16 to 256").doesNotContain("fifteen");
        }
        registered(registration().chosenSecret("sixteen letters!"));
        registered(registration().chosenSecret("x".repeat(256)));
    }

    @Test
    void rfc6749_A_2_aChosenSecretIsPrintableAscii() {
        for (String wrong : List.of("sixteen letters and ü", "sixteen letters\tand", "sixteen letters and \u007f")) {
            assertThat(invalid("chosenSecret", registration().chosenSecret(wrong))
                            .clientMessage())
                    .doesNotContain("sixteen");
        }
    }

    @Test
    void rfc6749_A_1_aChosenIdentifierIsPrintableAscii() {
        for (String wrong : List.of("app-ü", "app\n", "\ud800")) {
            invalid("clientIdentifier", registration().clientIdentifier(wrong));
        }
    }

    @Test
    void rfc6749_2_1_aPublicClientHasNoSecret() {
        RegisteredClient registered =
                registered(registration().clientIdentifier("app").isConfidential(false));
        assertThat(registered.secret()).isNull();
        assertThat(registered.client().clientSecret()).isNull();
        assertThat(registered.client().isConfidential()).isFalse();
        success(clients.authenticate(ClientCredentials.none("app"), ray));
    }

    @Test
    void rfc6749_2_1_aPublicClientMayNotChooseASecret() {
        invalid("chosenSecret", registration().isConfidential(false).chosenSecret(CHOSEN));
    }

    @Test
    void rfc6749_4_4_aPublicClientMayNotHaveClientCredentials() {
        Set<String> grants = Set.of(GrantType.CLIENT_CREDENTIALS.value());
        invalid("grantTypes", registration().isConfidential(false).grantTypes(grants));
        registered(registration().redirectUris(List.of()).grantTypes(grants));
    }

    @Test
    void rfc9700_2_1_theCodeGrantNeedsARedirectUri() {
        invalid("redirectUris", registration().redirectUris(List.of()));
        registered(registration().redirectUris(List.of()).grantTypes(Set.of()));
    }

    @Test
    void rfc9700_2_1_redirectUrisAreCheckedAndNamedOnce() {
        invalid("redirectUris", registration().redirectUris(List.of(REDIRECT_URI, "http://client.example/")));
        invalid("redirectUris", registration().redirectUris(List.of(REDIRECT_URI, REDIRECT_URI)));
        invalid("redirectUris", registration().redirectUris(List.of("https://c.example/" + "a".repeat(Limits.URI))));
    }

    @Test
    void rfc9700_2_4_unsafeAndUnknownGrantsAreRefused() {
        for (String grant : List.of("password", "implicit", "token", "authorization code", "ürn:x")) {
            invalid("grantTypes", registration().grantTypes(Set.of(grant)));
        }
    }

    @Test
    void rfc6749_4_5_extensionGrantsAreAbsoluteUris() {
        RegisteredClient registered = registered(registration()
                .grantTypes(
                        Set.of("urn:ietf:params:oauth:grant-type:token-exchange", "https://grants.example/my-own")));
        assertThat(registered.client().grantTypes()).hasSize(2);
    }

    @Test
    void rfc6749_4_1_2_aCodeLivesTenMinutesAtMost() {
        Duration longest = Duration.ofMinutes(10);
        invalid("authorizationCodeTtl", registration().config(config(longest.plusSeconds(1), Set.of("S256"))));
        registered(registration().config(config(longest, Set.of("S256"))));
    }

    @Test
    void rfc7636_4_2_pkceMethodsAreS256AndPlain() {
        Duration ttl = Duration.ofSeconds(60);
        invalid("pkceMethods", registration().config(config(ttl, Set.of("S256", "s256"))));
        registered(registration().config(config(ttl, Set.of("S256", "plain"))));
    }

    @Test
    void rfc9700_2_1_1_whoHasToUsePkceHasAMethod() {
        Duration ttl = Duration.ofSeconds(60);
        ClientConfig none = config(ttl, Set.of());
        ClientConfig optional = none.toBuilder().requirePkce(false).build();
        invalid("pkceMethods", registration().config(none));
        invalid("pkceMethods", registration().config(optional).isConfidential(false));
        registered(registration().config(optional));
    }

    @Test
    void rfc7591_2_1_theCodeGrantNeedsTheResponseTypeCode() {
        ClientConfig config = ClientConfig.builder().responseTypes(Set.of()).build();
        invalid("responseTypes", registration().config(config));
    }

    @Test
    void rfc8628_3_2_theDeviceGrantNeedsALifetimeOfItsCodes() {
        Set<String> grants = Set.of(GrantType.DEVICE_CODE.value());
        invalid("deviceCodeTtl", registration().grantTypes(grants));
        registered(registration()
                .grantTypes(grants)
                .redirectUris(List.of())
                .config(ClientConfig.builder()
                        .deviceCodeTtl(Duration.ofMinutes(10))
                        .build()));
    }

    @Test
    void boundsOfTheModelAreRefusalsThatNameTheField() {
        Set<String> many = IntStream.rangeClosed(0, Limits.ELEMENTS)
                .mapToObj(i -> "scope" + i)
                .collect(Collectors.toSet());
        invalid("clientIdentifier", registration().clientIdentifier(" "));
        invalid("clientIdentifier", registration().clientIdentifier("x".repeat(Limits.CLIENT_IDENTIFIER + 1)));
        invalid("scopes", registration().scopes(many));
        invalid("scopes", registration().scopes(Set.of("two words")));
        invalid("grantTypes", registration().grantTypes(Set.of("urn:" + "x".repeat(Limits.TOKEN))));
        for (String by : List.of("", "x".repeat(Limits.NAME + 1), "line\nbreak")) {
            FailedResult<?> failed = refused(clients.register(registration().build(), by, ray), ServiceError.INVALID);
            assertThat(failed.clientMessage()).contains("by ");
        }
    }

    @Test
    void rfc6749_2_2_anIdentifierIsUnique() {
        RegisteredClient first = registered(registration().clientIdentifier("app"));
        refused(clients.register(registration().clientIdentifier("app").build(), "other", ray), ServiceError.CONFLICT);

        assertThat(success(clients.get("app", ray))).isEqualTo(first.client());
        assertThat(deployment.entries()).hasSize(1);
    }

    @Test
    void theAuditLogTellsOfItAndOfNoSecret() {
        RegisteredClient registered = registered(registration().clientIdentifier("app"));
        AuditLog entry = deployment.entries().get(0);

        assertThat(deployment.entries()).hasSize(1);
        assertThat(entry.eventType()).isEqualTo(AuditEvent.CLIENT_REGISTERED.type());
        assertThat(entry.subject()).isEqualTo(registered.client().id());
        assertThat(entry.clientId()).isEqualTo(registered.client().id());
        assertThat(entry.rayId()).isEqualTo(ray);
        assertThat(entry.createdBy()).isEqualTo("operator");
        assertThat(entry.metadata())
                .containsOnlyKeys("client_identifier", "is_confidential")
                .containsEntry("client_identifier", "app");
    }

    @Test
    void whatTheCallerChangesAfterwardsChangesNothing() {
        Set<String> scopes = new java.util.LinkedHashSet<>(List.of("b", "a"));
        ClientRegistration registration = registration().scopes(scopes).build();
        scopes.add("more");
        assertThat(success(clients.register(registration, "operator", ray))
                        .client()
                        .scopes())
                .containsExactly("b", "a");
    }

    @Test
    @SuppressWarnings("DataFlowIssue")
    void nullsAreRefusedAtOnce() {
        assertThatNullPointerException().isThrownBy(() -> clients.register(nothing(), "operator", ray));
        assertThatNullPointerException()
                .isThrownBy(() -> clients.register(registration().build(), nothing(), ray));
        assertThatNullPointerException()
                .isThrownBy(() -> clients.register(registration().build(), "operator", nothing()));
        assertThatNullPointerException().isThrownBy(() -> clients.get(nothing(), ray));
        List<String> holed = new ArrayList<>();
        holed.add(nothing());
        assertThatNullPointerException()
                .isThrownBy(() -> ClientChanges.builder().redirectUris(holed).build())
                .withMessage("redirectUris must not hold null");
        assertThatNullPointerException()
                .isThrownBy(() ->
                        ClientChanges.builder().grantTypes(new HashSet<>(holed)).build())
                .withMessage("grantTypes must not hold null");
        assertThatNullPointerException()
                .isThrownBy(() -> ClientRegistration.builder()
                        .scopes(new HashSet<>(holed))
                        .build())
                .withMessage("scopes must not hold null");
        assertThatNullPointerException().isThrownBy(() -> clients.authenticate(nothing(), ray));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }
}
