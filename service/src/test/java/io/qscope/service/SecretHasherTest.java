package io.qscope.service;

import static io.qscope.service.Deployment.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.EncodedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

/** How secrets are hashed and verified, and by whom. */
class SecretHasherTest {

    private static final String SECRET = "a secret that somebody chose";
    private static final int THREADS = 3;
    private static final int WAITING = 20;

    private final GatedEncoder gated = new GatedEncoder();
    private final SecretHasher bounded = new SecretHasher(THREADS, WAITING, gated);
    private final SecretHasher hasher = new SecretHasher();

    @AfterEach
    void close() {
        gated.open();
        bounded.close();
        hasher.close();
    }

    private static EncodedSecret stored() {
        return GatedEncoder.stored(SECRET);
    }

    private static boolean isTooBusy(CompletableFuture<?> answer) {
        return answer.isCompletedExceptionally()
                && answer.handle((value, thrown) -> Refusal.cause(thrown)).join() instanceof Refusal refusal
                && refusal.getMessage() != null
                && refusal.getMessage().contains("too many secrets");
    }

    @Test
    void noMoreThanTheBoundAreHashedAndMayWaitAndNeverOnTheCallersThread() throws InterruptedException {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(bounded.matches(SECRET, stored())); // returns although nothing gets through the gate
        }

        List<CompletableFuture<Boolean>> taken =
                answers.stream().filter(answer -> !answer.isDone()).toList();
        assertThat(taken).hasSize(THREADS + WAITING);
        assertThat(answers).filteredOn(SecretHasherTest::isTooBusy).hasSize(200 - THREADS - WAITING);

        gated.await(THREADS);
        gated.open();
        assertThat(taken).allSatisfy(answer -> assertThat(join(answer)).isTrue());
        assertThat(gated.most()).isEqualTo(THREADS);
        assertThat(gated.threads())
                .hasSizeLessThanOrEqualTo(THREADS)
                .doesNotContain(Thread.currentThread())
                .allSatisfy(thread -> assertThat(thread.getName()).startsWith("qscope-secrets-"));
    }

    @Test
    void callersOnManyThreadsNeverHashThemselves() throws InterruptedException {
        gated.open();
        Set<Thread> callers = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Thread thread = new Thread(() -> {
                callers.add(Thread.currentThread());
                for (int call = 0; call < 50; call++) {
                    CompletableFuture<Boolean> answer = bounded.matches(SECRET, stored());
                    synchronized (answers) {
                        answers.add(answer);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        long verified = answers.stream()
                .map(answer -> answer.exceptionally(thrown -> false))
                .filter(answer -> Deployment.join(answer))
                .count();
        long refused = answers.stream().filter(SecretHasherTest::isTooBusy).count();
        assertThat(verified + refused).isEqualTo(16 * 50);
        assertThat(gated.most()).isLessThanOrEqualTo(THREADS);
        assertThat(gated.threads()).isNotEmpty().doesNotContainAnyElementsOf(callers);
    }

    @Test
    void aCallbackThatBlocksHoldsUpNoHashing() throws InterruptedException {
        SecretHasher single = new SecretHasher(1, WAITING, gated);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        CompletableFuture<Void> slow = single.matches(SECRET, stored()).thenAccept(matches -> {
            blocked.countDown();
            awaitUninterruptibly(never);
        });
        gated.open();
        assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(join(single.matches(SECRET, stored()))).isTrue();
        assertThat(slow).isNotDone();
        never.countDown();
        join(slow);
        single.close();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatWasTakenIsAnsweredAfterClosingAndNothingElseIs() {
        CompletableFuture<Boolean> taken = bounded.matches(SECRET, stored());
        bounded.close();
        CompletableFuture<Boolean> late = bounded.matches(SECRET, stored());
        gated.open();

        assertThat(join(taken)).isTrue();
        assertThatThrownBy(() -> join(late))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("stop");
    }

    @Test
    void generatedSecretsAreComparedAtOnceHoweverManyWait() {
        while (!isTooBusy(bounded.matches(SECRET, stored()))) {
            assertThat(gated.most()).isLessThanOrEqualTo(THREADS);
        }
        String generated = Secrets.next();
        EncodedSecret encoded = bounded.encodeGenerated(generated);

        assertThat(bounded.matches(generated, encoded)).isCompletedWithValue(true);
        assertThat(bounded.matches(generated + "x", encoded)).isCompletedWithValue(false);
        assertThat(bounded.matches("", encoded)).isCompletedWithValue(false);
    }

    @Test
    void rfc9106_4_chosenSecretsAreHashedWithArgon2idAndASaltOfTheirOwn() {
        EncodedSecret one = join(hasher.encodeChosen(SECRET));
        EncodedSecret other = join(hasher.encodeChosen(SECRET));

        assertThat(one.value()).startsWith("{argon2id}$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(other).isNotEqualTo(one);
        assertThat(join(hasher.matches(SECRET, one))).isTrue();
        assertThat(join(hasher.matches(SECRET, other))).isTrue();
        assertThat(join(hasher.matches(SECRET + " ", one))).isFalse();
        assertThat(hasher.wantsUpgrade(SECRET, one)).isFalse();
    }

    @Test
    void whatSpringHasStoredIsVerifiedAndHashedAnew() {
        String bcrypt =
                PasswordEncoderFactories.createDelegatingPasswordEncoder().encode(SECRET);
        String argon2 = "{argon2@SpringSecurity_v5_8}"
                + Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode(SECRET);
        String olderArgon2 = "{argon2}" + new Argon2PasswordEncoder(16, 32, 1, 4_096, 3).encode(SECRET);
        assertThat(bcrypt).startsWith("{bcrypt}$2a$10$");

        for (String stored : List.of(bcrypt, argon2, olderArgon2)) {
            EncodedSecret encoded = new EncodedSecret(stored);
            assertThat(join(hasher.matches(SECRET, encoded))).as(stored).isTrue();
            assertThat(join(hasher.matches(SECRET + "x", encoded))).as(stored).isFalse();
            assertThat(hasher.wantsUpgrade(SECRET, encoded)).as(stored).isTrue();
        }
    }

    @Test
    void aPublishedBcryptHashIsVerified() {
        // From the reference documentation of Spring Security, of the password "password".
        EncodedSecret published =
                new EncodedSecret("{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG");
        assertThat(join(hasher.matches("password", published))).isTrue();
        assertThat(join(hasher.matches("Password", published))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{noop}password",
                "{NOOP}password",
                "{plain}password",
                "{unknown}password",
                "{md5}5f4dcc3b5aa765d61d8327deb882cf99",
                "{sha256}password",
                "{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0",
                "{argon2id}password",
                "{argon2id}$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ",
                "{argon2}$argon2x$v=19$m=1,t=1,p=1$c2FsdA$c2FsdA",
                "{bcrypt}password",
                "{bcrypt}{noop}password",
                "{bcrypt}$2a$10$short"
            })
    void whatIsNoHashOfAKnownSchemeNeverMatches(String stored) {
        assertThat(join(hasher.matches("password", new EncodedSecret(stored)))).isFalse();
    }

    @Test
    void anArgon2HashOfLessCostWantsToBeHashedAnew() {
        String cheap = new Argon2PasswordEncoder(16, 32, 1, 8_192, 1).encode(SECRET);
        String dear = new Argon2PasswordEncoder(16, 32, 1, 32_768, 3).encode(SECRET);
        assertThat(hasher.wantsUpgrade(SECRET, new EncodedSecret("{argon2id}" + cheap)))
                .isTrue();
        assertThat(hasher.wantsUpgrade(SECRET, new EncodedSecret("{argon2id}" + dear)))
                .isFalse();
    }

    @Test
    void whatBcryptIgnoresIsNotHashedAnew() {
        String proved = "s".repeat(72);
        EncodedSecret stored = new EncodedSecret("{bcrypt}" + new BCryptPasswordEncoder(4).encode(proved));
        assertThat(join(hasher.matches(proved + "guessed", stored))).isTrue();
        assertThat(hasher.wantsUpgrade(proved, stored)).isTrue();
        assertThat(hasher.wantsUpgrade(proved + "guessed", stored)).isFalse();
    }

    @Test
    void whatIsLongerThanAnySecretIsNotKeptWaiting() {
        assertThat(bounded.matches("x".repeat(1_025), stored())).isCompletedWithValue(false);
        assertThat(bounded.matches("x".repeat(1_024), stored())).isNotDone();
    }
}
