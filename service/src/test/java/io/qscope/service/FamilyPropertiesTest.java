package io.qscope.service;

import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.redemption;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.store.Grace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds of a family whatever the interleaving of those who redeem, refresh, replay and revoke at once. A failure names the
 * seed; {@code -Dqscope.service.seed} repeats its choices.
 */
@Tag("long")
@ParameterizedClass
@EnumSource
class FamilyPropertiesTest {

    private static final int CALLERS = 6;
    private static final int ROUNDS = 60;
    private static final int STEPS = 12;

    private final Engine engine;

    private final long seed =
            Long.getLong("qscope.service.seed", ThreadLocalRandom.current().nextLong());

    private Deployment deployment;
    private OAuthClient client;
    private ExecutorService threads;

    FamilyPropertiesTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        client = deployment.client();
        threads = Executors.newFixedThreadPool(CALLERS);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        deployment.close();
    }

    /** What is known of one family: everything that anybody was given for it. */
    private static final class Family {

        private final IssuedCode code;
        private final Queue<IssuedTokens> issued = new ConcurrentLinkedQueue<>();
        private final Queue<String> dead = new ConcurrentLinkedQueue<>();

        Family(IssuedCode code) {
            this.code = code;
        }

        List<IssuedTokens> all() {
            return List.copyOf(issued);
        }
    }

    private interface Caller {
        void act(Random random) throws Exception;
    }

    private void atOnce(int round, int callers, Caller caller) throws Exception {
        CyclicBarrier start = new CyclicBarrier(callers);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            long own = seed + 1_000L * round + i;
            running.add(threads.submit(() -> {
                start.await();
                caller.act(new Random(own));
                return null;
            }));
        }
        for (Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    private static <T> boolean won(Result<T> result) {
        return result instanceof SuccessResult;
    }

    private static IssuedTokens value(Result<IssuedTokens> result) {
        return Objects.requireNonNull(((SuccessResult<IssuedTokens>) result).value());
    }

    private void redeem(OAuthServices services, Family family) {
        Result<IssuedTokens> result =
                join(services.codes().redeem(credentials(client), redemption(family.code), deployment.ray));
        if (won(result)) {
            family.issued.add(value(result));
        }
    }

    private boolean refresh(OAuthServices services, Family family, IssuedTokens tokens) {
        Result<IssuedTokens> result = join(
                services.tokens().refresh(credentials(client), Deployment.refreshToken(tokens), null, deployment.ray));
        if (won(result)) {
            family.issued.add(value(result));
        }
        return won(result);
    }

    private List<String> liveRefreshTokens(Family family) {
        return family.all().stream()
                .map(Deployment::refreshToken)
                .filter(token -> join(deployment
                                .storage
                                .refreshTokens()
                                .getByToken(TokenDigest.sha256(token), deployment.ray))
                        .filter((RefreshToken row) -> row.isLive(deployment.clock.instant()))
                        .isPresent())
                .toList();
    }

    private void assertDead(Family family) {
        for (IssuedTokens tokens : family.all()) {
            assertThat(deployment.isActive(client, tokens.accessToken()))
                    .as("an access token of a dead family, seed %d", seed)
                    .isFalse();
        }
        assertThat(liveRefreshTokens(family)).as("seed %d", seed).isEmpty();
    }

    @Test
    void ofRedemptionsAtOnceOneWinsAndTheOthersRevokeItsFamily() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Family family = new Family(deployment.code(client));
            atOnce(round, CALLERS, random -> redeem(deployment.services, family));
            assertThat(family.issued).as("seed %d", seed).hasSize(1);
            assertDead(family);
            assertThat(deployment.entries(AuditEvent.CODE_REPLAYED, family.code.authorizationId()))
                    .hasSize(CALLERS - 1);
        }
    }

    @Test
    void ofRefreshesAtOnceOneWinsAndTheOthersRevokeItsFamily() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Family family = new Family(deployment.code(client));
            redeem(deployment.services, family);
            IssuedTokens first = family.all().get(0);
            atOnce(round, CALLERS, random -> refresh(deployment.services, family, first));
            assertThat(family.issued).as("seed %d", seed).hasSize(2);
            assertDead(family);
        }
    }

    @Test
    void withinAGraceHonestParallelRefreshesAllWinAndNobodyIsLoggedOut() throws Exception {
        OAuthServices lenient = deployment.services(ServicePolicy.builder()
                .refreshGrace(new Grace(Duration.ofSeconds(10), CALLERS))
                .build());
        for (int round = 0; round < ROUNDS; round++) {
            Family family = new Family(deployment.code(client));
            redeem(lenient, family);
            IssuedTokens first = family.all().get(0);
            atOnce(round, CALLERS, random -> refresh(lenient, family, first));
            assertThat(family.issued).as("seed %d", seed).hasSize(1 + CALLERS);
            assertThat(liveRefreshTokens(family)).hasSize(CALLERS);
        }
        lenient.close();
    }

    @Test
    void keptRefreshTokensServeAnyNumberAtOnceUntilTheFamilyIsRevoked() throws Exception {
        OAuthServices keeping = deployment.services(
                ServicePolicy.builder().reusesRefreshTokens(any -> true).build());
        for (int round = 0; round < ROUNDS; round++) {
            Family family = new Family(deployment.code(client));
            redeem(keeping, family);
            IssuedTokens first = family.all().get(0);
            atOnce(
                    round,
                    CALLERS,
                    random -> assertThat(refresh(keeping, family, first)).isTrue());
            atOnce(round, CALLERS, random -> {
                if (random.nextInt(3) == 0) {
                    Deployment.done(keeping.tokens()
                            .revoke(credentials(client), Deployment.refreshToken(first), null, deployment.ray));
                    assertDead(family);
                } else {
                    refresh(keeping, family, first);
                }
            });
            Deployment.done(
                    keeping.tokens().revoke(credentials(client), Deployment.refreshToken(first), null, deployment.ray));
            assertDead(family);
        }
        keeping.close();
    }

    /** At each moment at most one refresh token lives; once a replay or a revocation was answered, nothing does. */
    @Test
    void whateverIsDoneAtOnceAFamilyStaysWhole() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Family family = new Family(deployment.code(client));
            redeem(deployment.services, family);
            atOnce(round, CALLERS, random -> {
                for (int step = 0; step < STEPS && family.dead.isEmpty(); step++) {
                    act(family, random);
                    assertThat(liveRefreshTokens(family).size())
                            .as("live refresh tokens, seed %d", seed)
                            .isLessThanOrEqualTo(1);
                }
            });
            if (!family.dead.isEmpty()) {
                assertDead(family);
            }
        }
    }

    private void act(Family family, Random random) {
        List<IssuedTokens> known = family.all();
        IssuedTokens newest = known.get(known.size() - 1);
        switch (random.nextInt(8)) {
            case 0 -> {
                redeem(deployment.services, family);
                died(family, "the code was replayed");
            }
            case 1 -> {
                Deployment.done(deployment
                        .services
                        .tokens()
                        .revoke(
                                credentials(client),
                                Deployment.refreshToken(known.get(random.nextInt(known.size()))),
                                null,
                                deployment.ray));
                died(family, "a refresh token was revoked");
            }
            case 2 -> {
                if (!refresh(deployment.services, family, known.get(0))) {
                    died(family, "a refresh token was replayed");
                }
            }
            default -> {
                if (!refresh(deployment.services, family, newest)) {
                    died(family, "the newest refresh token was used twice, or the family was dead");
                }
            }
        }
    }

    private void died(Family family, String why) {
        family.dead.add(why);
        assertDead(family);
    }
}
