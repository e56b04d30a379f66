package io.qscope.service;

import static io.qscope.service.Deployment.SECRET;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.result.FailedResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Authenticating clients, rotating their secrets, and hashing old ones anew. */
@ParameterizedClass
@EnumSource
class ClientSecretTest {

    private static final String CHOSEN = "a secret that somebody chose";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final Engine engine;

    private Deployment deployment;
    private ClientService clients;
    private RayId ray;
    private OAuthClient client;
    private String name;

    ClientSecretTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        clients = deployment.services.clients();
        ray = deployment.ray;
        client = deployment.client();
        name = client.clientIdentifier();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private boolean isAccepted(String secret) {
        return join(clients.authenticate(ClientCredentials.secret(name, secret), ray))
                        .status()
                == 200;
    }

    private String rotated(@Nullable Duration overlap) {
        return Objects.requireNonNull(success(clients.rotateSecret(name, null, overlap, "operator", ray))
                .secret());
    }

    private OAuthClient stored() {
        return success(clients.get(name, ray));
    }

    /** A client whose secret is stored that way. */
    private OAuthClient storedAs(String encoded) {
        OAuthClient other = deployment.client(row -> row.clientSecret(new EncodedSecret(encoded)), config -> config);
        name = other.clientIdentifier();
        return other;
    }

    @Test
    void rfc6749_2_3_1_aClientAuthenticatesWithItsSecret() {
        assertThat(success(clients.authenticate(ClientCredentials.secret(name, SECRET), ray)))
                .isEqualTo(stored());
    }

    @Test
    void rfc6749_5_2_arefusalDoesNotSayWhatWasWrong() {
        OAuthClient open = deployment.publicClient();
        OAuthClient off = deployment.client(row -> row.isEnabled(false), config -> config);
        OAuthClient secretless = deployment.client(row -> row.clientSecret(null), config -> config);
        List<ClientCredentials> wrong = List.of(
                ClientCredentials.secret("no-such-client", SECRET),
                ClientCredentials.secret(name, SECRET + "x"),
                ClientCredentials.secret(name, ""),
                ClientCredentials.secret(name, "\ud800"),
                ClientCredentials.secret(open.clientIdentifier(), SECRET),
                ClientCredentials.secret(off.clientIdentifier(), SECRET),
                ClientCredentials.secret(secretless.clientIdentifier(), SECRET),
                ClientCredentials.none(name),
                ClientCredentials.none("no-such-client"),
                ClientCredentials.verified(open.clientIdentifier()),
                ClientCredentials.verified(off.clientIdentifier()),
                ClientCredentials.verified("no-such-client"));
        for (ClientCredentials credentials : wrong) {
            FailedResult<?> failed = refused(clients.authenticate(credentials, ray), ServiceError.INVALID_CLIENT);
            assertThat(failed.status()).isEqualTo(401);
            assertThat(failed.clientMessage()).as("%s", credentials).isEqualTo("client authentication failed");
        }
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void rfc6749_2_1_aPublicClientOnlyNamesItself() {
        OAuthClient open = deployment.publicClient();
        success(clients.authenticate(ClientCredentials.none(open.clientIdentifier()), ray));
    }

    @Test
    void rfc7523_3_whatTheCallerVerifiedIsBelievedOfAConfidentialClient() {
        success(clients.authenticate(ClientCredentials.verified(name), ray));
    }

    @Test
    void theSecretBeforeARotationIsAcceptedUntilTheOverlapIsOver() {
        String fresh = rotated(DAY);
        assertThat(fresh).isNotEqualTo(SECRET);
        assertThat(isAccepted(fresh)).isTrue();
        assertThat(isAccepted(SECRET)).isTrue();

        deployment.clock.advance(DAY.minus(MILLI));
        assertThat(isAccepted(SECRET)).isTrue();
        deployment.clock.advance(MILLI);
        assertThat(isAccepted(SECRET)).isFalse();
        assertThat(isAccepted(fresh)).isTrue();
    }

    @Test
    void withoutAnOverlapTheSecretBeforeIsGoneAtOnce() {
        String fresh = rotated(Duration.ZERO);
        assertThat(isAccepted(SECRET)).isFalse();
        assertThat(isAccepted(fresh)).isTrue();
        assertThat(stored().previousClientSecret()).isNull();
        assertThat(stored().previousClientSecretExpiresAt()).isNull();
    }

    @Test
    void aLeakedSecretIsGoneAtOnceWithTheOneBefore() {
        String leaked = rotated(DAY);
        String fresh = rotated(Duration.ZERO);
        assertThat(isAccepted(leaked)).isFalse();
        assertThat(isAccepted(SECRET)).isFalse();
        assertThat(isAccepted(fresh)).isTrue();
    }

    @Test
    void aSecondRotationWithinTheOverlapDropsTheOldest() {
        String second = rotated(DAY);
        String third = rotated(DAY);
        assertThat(isAccepted(SECRET)).isFalse();
        assertThat(isAccepted(second)).isTrue();
        assertThat(isAccepted(third)).isTrue();
    }

    @Test
    void unlessTheCallSaysSoTheOverlapIsThePolicys() {
        try (OAuthServices other = deployment.services(
                ServicePolicy.builder().secretOverlap(Duration.ofHours(1)).build())) {
            OAuthClient rotated = success(other.clients().rotateSecret(name, null, null, "operator", ray))
                    .client();
            assertThat(rotated.previousClientSecretExpiresAt())
                    .isEqualTo(deployment.clock.instant().plus(Duration.ofHours(1)));
        }
    }

    @Test
    void aChosenSecretRotatesToo() {
        RegisteredClient rotated = success(clients.rotateSecret(name, CHOSEN, DAY, "operator", ray));
        assertThat(rotated.secret()).isNull();
        assertThat(rotated.client()).isEqualTo(stored());
        assertThat(Objects.requireNonNull(rotated.client().clientSecret()).scheme())
                .isEqualTo("argon2id");
        assertThat(isAccepted(CHOSEN)).isTrue();
        assertThat(isAccepted(SECRET)).isTrue();
        assertThat(isAccepted("another secret that somebody chose")).isFalse();
    }

    @Test
    void aClientThatHadNoSecretHasNothingToOverlap() {
        name = deployment
                .client(row -> row.clientSecret(null), config -> config)
                .clientIdentifier();
        String fresh = rotated(DAY);
        assertThat(isAccepted(fresh)).isTrue();
        assertThat(stored().previousClientSecretExpiresAt()).isNull();
    }

    @Test
    void aRotationOutOfItsBoundsIsInvalidAndChangesNothing() {
        for (Duration overlap :
                List.of(Duration.ofSeconds(-1), Duration.ofDays(366).plusSeconds(1), MILLI)) {
            refused(clients.rotateSecret(name, null, overlap, "operator", ray), ServiceError.INVALID);
        }
        FailedResult<?> failed =
                refused(clients.rotateSecret(name, "too short", null, "operator", ray), ServiceError.INVALID);
        assertThat(failed.clientMessage()).contains("chosenSecret").doesNotContain("too short");
        refused(clients.rotateSecret(name, null, null, " ", ray), ServiceError.INVALID);
        assertThat(stored().version()).isEqualTo(1);
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void rfc6749_2_1_aPublicClientHasNoSecretToRotate() {
        OAuthClient open = deployment.publicClient();
        refused(clients.rotateSecret(open.clientIdentifier(), null, null, "operator", ray), ServiceError.INVALID);
        refused(clients.rotateSecret(open.clientIdentifier(), CHOSEN, null, "operator", ray), ServiceError.INVALID);
    }

    @Test
    void aRotationIsLoggedWithItsEndAndNoSecret() {
        rotated(DAY);
        rotated(Duration.ZERO);
        List<AuditLog> entries = deployment.entries(AuditEvent.CLIENT_SECRET_ROTATED, client.id());
        assertThat(entries)
                .extracting(AuditLog::metadata)
                .containsExactlyInAnyOrder(
                        Map.of(
                                "scheme",
                                "sha256",
                                "previous_accepted_until",
                                deployment.clock.instant().plus(DAY).toString()),
                        Map.of("scheme", "sha256"));
        assertThat(entries).allSatisfy(entry -> assertThat(entry.createdBy()).isEqualTo("operator"));
    }

    @Test
    void whatSpringHasStoredIsHashedAnewWhenItIsPresented() {
        for (String encoded : List.of(
                "{bcrypt}" + new BCryptPasswordEncoder().encode(CHOSEN),
                "{argon2@SpringSecurity_v5_8}"
                        + Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode(CHOSEN))) {
            OAuthClient migrated = storedAs(encoded);
            assertThat(isAccepted(CHOSEN + "x")).isFalse();
            assertThat(Objects.requireNonNull(stored().clientSecret()).value()).isEqualTo(encoded);

            deployment.clock.advance(MILLI);
            OAuthClient authenticated = success(clients.authenticate(ClientCredentials.secret(name, CHOSEN), ray));
            assertThat(authenticated).isEqualTo(stored());
            assertThat(Objects.requireNonNull(stored().clientSecret()).value()).startsWith("{argon2id}$argon2id$");
            assertThat(stored().updatedAt()).isEqualTo(deployment.clock.instant());
            assertThat(deployment.entries(AuditEvent.CLIENT_SECRET_UPGRADED, migrated.id()))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.metadata()).isEqualTo(Map.of("scheme", "argon2id")));

            OAuthClient upgraded = stored();
            assertThat(isAccepted(CHOSEN)).isTrue();
            assertThat(isAccepted(CHOSEN + "x")).isFalse();
            assertThat(stored()).isEqualTo(upgraded);
        }
    }

    @Test
    void aSecretInPlainTextNeverMatches() {
        storedAs("{noop}" + CHOSEN);
        assertThat(isAccepted(CHOSEN)).isFalse();
        assertThat(isAccepted("{noop}" + CHOSEN)).isFalse();
    }

    @Test
    void anOldSchemeIsAcceptedWithinTheOverlapAndStays() {
        String encoded = "{bcrypt}" + new BCryptPasswordEncoder().encode(CHOSEN);
        storedAs(encoded);
        rotated(DAY);
        assertThat(isAccepted(CHOSEN)).isTrue();
        assertThat(Objects.requireNonNull(stored().previousClientSecret()).value())
                .isEqualTo(encoded);
    }

    @Test
    void aSecretThatCannotBeHashedAnewNowIsAcceptedAllTheSame() {
        storedAs("{bcrypt}" + new BCryptPasswordEncoder().encode(CHOSEN));
        LostAnswers lost = new LostAnswers(deployment.storage);
        try (OAuthServices other = OAuthServices.builder(lost.storage(), deployment.keys::get)
                .clock(deployment.clock)
                .build()) {
            lost.loseBeforeCommit(Integer.MAX_VALUE);
            success(other.clients().authenticate(ClientCredentials.secret(name, CHOSEN), ray));
        }
        assertThat(Objects.requireNonNull(stored().clientSecret()).scheme()).isEqualTo("bcrypt");
    }
}
