package io.qscope.service;

import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.result.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** When more secrets are presented than can be verified: who waits, who is turned away, and who is not concerned. */
@ParameterizedClass
@EnumSource
class SecretFloodTest {

    private static final String CHOSEN = "a secret that somebody chose";
    private static final int THREADS = 2;
    private static final int WAITING = 10;
    private static final int CALLS = 60;

    private final Engine engine;

    private Deployment deployment;
    private GatedEncoder gated;
    private SecretHasher hasher;
    private ClientService clients;
    private RayId ray;

    SecretFloodTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        ray = deployment.ray;
        gated = new GatedEncoder();
        hasher = new SecretHasher(THREADS, WAITING, gated);
        ServiceContext context = new ServiceContext(
                deployment.storage, deployment.keys::get, deployment.clock, ServicePolicy.defaults());
        clients = new ClientService(context, new ClientAuthenticator(context, hasher), hasher);
    }

    @AfterEach
    void close() {
        gated.open();
        hasher.close();
        deployment.close();
    }

    @Test
    void rfc6749_4_1_2_1_whoWouldWaitTooLongIsToldToComeBackAndNobodyElseIsHeldUp() throws InterruptedException {
        OAuthClient slow = deployment.client(row -> row.clientSecret(GatedEncoder.stored(CHOSEN)), config -> config);
        OAuthClient fast = deployment.client();
        List<CompletableFuture<Result<OAuthClient>>> answers = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            answers.add(clients.authenticate(ClientCredentials.secret(slow.clientIdentifier(), CHOSEN), ray));
        }
        waitFor(CALLS - THREADS - WAITING, answers);
        List<CompletableFuture<Result<OAuthClient>>> waiting =
                answers.stream().filter(answer -> !answer.isDone()).toList();

        assertThat(waiting).hasSize(THREADS + WAITING);
        assertThat(answers)
                .filteredOn(CompletableFuture::isDone)
                .allSatisfy(answer -> assertThat(refused(answer, ServiceError.TEMPORARILY_UNAVAILABLE)
                                .status())
                        .isEqualTo(503));
        success(clients.authenticate(credentials(fast), ray));
        refused(
                clients.authenticate(ClientCredentials.secret("no-such-client", CHOSEN), ray),
                ServiceError.INVALID_CLIENT);
        refused(
                clients.register(
                        ClientRegistration.builder().chosenSecret(CHOSEN).build(), "operator", ray),
                ServiceError.TEMPORARILY_UNAVAILABLE);
        success(clients.register(ClientRegistration.builder().build(), "operator", ray));

        gated.await(THREADS);
        gated.open();
        assertThat(waiting)
                .allSatisfy(
                        answer -> assertThat(success(answer).clientIdentifier()).isEqualTo(slow.clientIdentifier()));
        assertThat(gated.most()).isEqualTo(THREADS);
        assertThat(gated.threads())
                .hasSizeLessThanOrEqualTo(THREADS)
                .allSatisfy(thread -> assertThat(thread.getName()).startsWith("qscope-secrets-"));
    }

    /** Until so many are answered. */
    private static void waitFor(int answered, List<? extends CompletableFuture<?>> answers)
            throws InterruptedException {
        CountDownLatch left = new CountDownLatch(answered);
        for (CompletableFuture<?> answer : answers) {
            var unused = answer.whenComplete((value, thrown) -> left.countDown());
        }
        assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
