package io.qscope.service;

import static io.qscope.service.Deployment.REDIRECT_URI;
import static io.qscope.service.Deployment.SECRET;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.result.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Several callers change one client at the same moment: nobody's write is lost. */
@ParameterizedClass
@EnumSource
class ClientRaceTest {

    private static final String CHOSEN = "a secret that somebody chose";
    private static final Duration DAY = Duration.ofDays(1);
    private static final int CALLERS = 8;
    private static final int ROUNDS = 20;
    private static final int SLOW_ROUNDS = 6;

    private final Engine engine;

    private Deployment deployment;
    private ClientService clients;
    private RayId ray;

    ClientRaceTest(Engine engine) {
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

    /** Calls that many times without waiting in between. */
    private static <T> List<CompletableFuture<T>> atOnce(int callers, IntFunction<CompletableFuture<T>> call) {
        return IntStream.range(0, callers).mapToObj(call).toList();
    }

    private static <T> List<T> successes(List<CompletableFuture<Result<T>>> answers) {
        return answers.stream().map(Deployment::success).toList();
    }

    private boolean isAccepted(OAuthClient client, String secret) {
        return join(clients.authenticate(ClientCredentials.secret(client.clientIdentifier(), secret), ray))
                        .status()
                == 200;
    }

    private OAuthClient stored(OAuthClient client) {
        return success(clients.get(client.clientIdentifier(), ray));
    }

    @Test
    void rotationsAtOnceAllHappenOneAfterTheOther() {
        for (int round = 0; round < ROUNDS; round++) {
            OAuthClient client = deployment.client();
            List<RegisteredClient> rotated = new ArrayList<>(successes(atOnce(
                    CALLERS,
                    caller -> clients.rotateSecret(client.clientIdentifier(), null, DAY, "caller-" + caller, ray))));

            rotated.sort(Comparator.comparingLong(one -> one.client().version()));
            assertThat(rotated)
                    .extracting(one -> one.client().version())
                    .isEqualTo(LongStream.rangeClosed(2, CALLERS + 1L).boxed().toList());
            List<String> accepted = rotated.stream()
                    .map(one -> Objects.requireNonNull(one.secret()))
                    .filter(secret -> isAccepted(client, secret))
                    .toList();
            assertThat(accepted)
                    .containsExactly(
                            rotated.get(CALLERS - 2).secret(),
                            rotated.get(CALLERS - 1).secret());
            assertThat(isAccepted(client, SECRET)).isFalse();
            assertThat(deployment.entries(AuditEvent.CLIENT_SECRET_ROTATED, client.id()))
                    .hasSize(CALLERS);
        }
    }

    @Test
    void aRotationAndUpdatesAtOnceAllHold() {
        for (int round = 0; round < ROUNDS; round++) {
            OAuthClient client = deployment.client();
            String name = client.clientIdentifier();
            CompletableFuture<Result<RegisteredClient>> rotation = clients.rotateSecret(name, null, DAY, "r", ray);
            List<CompletableFuture<Result<OAuthClient>>> updates = List.of(
                    clients.update(
                            name, ClientChanges.builder().scopes(Set.of("new")).build(), "s", ray),
                    clients.disable(name, "d", ray),
                    clients.update(
                            name,
                            ClientChanges.builder()
                                    .redirectUris(List.of(REDIRECT_URI, "https://client.example/new"))
                                    .build(),
                            "u",
                            ray),
                    clients.update(
                            name,
                            ClientChanges.builder()
                                    .config(client.config().toBuilder()
                                            .maxActiveAccessTokens(7)
                                            .build())
                                    .build(),
                            "c",
                            ray));
            String fresh = Objects.requireNonNull(success(rotation).secret());
            successes(updates);

            OAuthClient after = stored(client);
            assertThat(after.version()).isEqualTo(6);
            assertThat(after.scopes()).containsExactly("new");
            assertThat(after.isEnabled()).isFalse();
            assertThat(after.redirectUris()).hasSize(2);
            assertThat(after.config().maxActiveAccessTokens()).isEqualTo(7);
            success(clients.enable(name, "e", ray));
            assertThat(isAccepted(client, fresh)).isTrue();
            assertThat(isAccepted(client, SECRET)).isTrue();
        }
    }

    @Test
    void aSecretHashedAnewAndUpdatesAtOnceAllHold() {
        String bcrypt = "{bcrypt}" + new BCryptPasswordEncoder(4).encode(CHOSEN);
        for (int round = 0; round < SLOW_ROUNDS; round++) {
            OAuthClient client =
                    deployment.client(row -> row.clientSecret(new EncodedSecret(bcrypt)), config -> config);
            String name = client.clientIdentifier();
            CompletableFuture<Result<OAuthClient>> presented =
                    clients.authenticate(ClientCredentials.secret(name, CHOSEN), ray);
            List<Result<OAuthClient>> updated = new ArrayList<>();
            boolean odd = true;
            do { // keeps writing while the secret is verified and hashed anew
                Set<String> scopes = odd ? Set.of("odd") : Set.of("even");
                updated.add(join(clients.update(
                        name, ClientChanges.builder().scopes(scopes).build(), "u", ray)));
                odd = !odd;
            } while (!presented.isDone());

            success(presented);
            int upgrades = deployment
                    .entries(AuditEvent.CLIENT_SECRET_UPGRADED, client.id())
                    .size();
            OAuthClient after = stored(client);
            assertThat(updated).allSatisfy(result -> assertThat(result.status()).isEqualTo(200));
            assertThat(after.version()).isEqualTo(1L + updated.size() + upgrades);
            assertThat(after.scopes()).containsExactly(odd ? "even" : "odd");
            assertThat(Objects.requireNonNull(after.clientSecret()).scheme())
                    .isEqualTo(upgrades == 1 ? "argon2id" : "bcrypt");
        }
    }

    @Test
    void aSecretHashedAnewDoesNotUndoARotation() {
        String bcrypt = "{bcrypt}" + new BCryptPasswordEncoder(4).encode(CHOSEN);
        for (int round = 0; round < SLOW_ROUNDS; round++) {
            OAuthClient client =
                    deployment.client(row -> row.clientSecret(new EncodedSecret(bcrypt)), config -> config);
            String name = client.clientIdentifier();
            List<CompletableFuture<Result<OAuthClient>>> presented =
                    atOnce(2, caller -> clients.authenticate(ClientCredentials.secret(name, CHOSEN), ray));
            String fresh = Objects.requireNonNull(
                    success(clients.rotateSecret(name, null, DAY, "r", ray)).secret());
            successes(presented);

            assertThat(isAccepted(client, fresh)).isTrue();
            assertThat(isAccepted(client, CHOSEN)).isTrue();
            assertThat(Objects.requireNonNull(stored(client).clientSecret()).scheme())
                    .isEqualTo("sha256");
        }
    }

    @Test
    void ofSeveralThatPresentAnOldSecretAtOnceAllAreAcceptedAndOneHashesItAnew() {
        String bcrypt = "{bcrypt}" + new BCryptPasswordEncoder(4).encode(CHOSEN);
        OAuthClient client = deployment.client(row -> row.clientSecret(new EncodedSecret(bcrypt)), config -> config);
        successes(atOnce(
                CALLERS,
                caller -> clients.authenticate(ClientCredentials.secret(client.clientIdentifier(), CHOSEN), ray)));
        assertThat(deployment.entries(AuditEvent.CLIENT_SECRET_UPGRADED, client.id()))
                .hasSize(1);
        assertThat(stored(client).version()).isEqualTo(2);
    }

    @Test
    void anIdentifierIsRegisteredOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            ClientRegistration registration = ClientRegistration.builder()
                    .clientIdentifier("app-" + round)
                    .build();
            List<Integer> statuses =
                    atOnce(CALLERS, caller -> clients.register(registration, "caller-" + caller, ray)).stream()
                            .map(answer -> join(answer).status())
                            .toList();
            assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
        }
        assertThat(deployment.entries()).hasSize(ROUNDS);
    }

    @Test
    void whoeverDisablesAtOnceSucceedsAndOneEntryTellsOfIt() {
        for (int round = 0; round < ROUNDS; round++) {
            OAuthClient client = deployment.client();
            successes(atOnce(CALLERS, caller -> clients.disable(client.clientIdentifier(), "caller-" + caller, ray)));
            assertThat(stored(client).version()).isEqualTo(2);
            assertThat(deployment.entries(AuditEvent.CLIENT_DISABLED, client.id()))
                    .hasSize(1);
        }
    }

    @Test
    void whatIsChangedWhileItsClientIsDeletedIsNotFoundOrDone() {
        for (int round = 0; round < ROUNDS; round++) {
            OAuthClient client = deployment.client();
            String name = client.clientIdentifier();
            List<CompletableFuture<Result<OAuthClient>>> changes =
                    new ArrayList<>(atOnce(3, caller -> clients.disable(name, "caller-" + caller, ray)));
            CompletableFuture<Result<Void>> deletion = clients.delete(name, "operator", ray);
            changes.addAll(atOnce(3, caller -> clients.enable(name, "caller-" + caller, ray)));

            assertThat(join(deletion).status()).isEqualTo(204);
            assertThat(changes)
                    .allSatisfy(change -> assertThat(join(change).status()).isIn(200, 404));
            assertThat(join(clients.get(name, ray)).status()).isEqualTo(404);
        }
    }
}
