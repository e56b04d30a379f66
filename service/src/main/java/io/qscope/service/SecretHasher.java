package io.qscope.service;

import io.qscope.engine.Callbacks;
import io.qscope.model.EncodedSecret;
import io.qscope.model.TokenDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Client secrets as they are stored: {@code {sha256}} of those that we generated, which have nothing to guess, and {@code
 * {argon2id}} of those that people chose; {@code {argon2@SpringSecurity_v5_8}}, {@code {argon2}} and {@code {bcrypt}} are
 * verified too, as other servers have stored them. The slow ones are worked on by few threads of their own, with room for few
 * that wait, so that guessing at secrets starves nobody of processors or memory. Futures complete elsewhere: a callback that
 * blocks holds up no hashing.
 */
final class SecretHasher implements AutoCloseable {

    /** Of a generated secret: fast, and enough for 256 random bits. */
    static final String GENERATED = "sha256";

    /** Of a chosen secret (RFC 9106). */
    static final String CHOSEN = "argon2id";

    private static final String BCRYPT = "bcrypt";

    /** Bcrypt looks at so many bytes and at none after them. */
    private static final int BCRYPT_BYTES = 72;

    /** Nobody has a longer secret; a request that does is not worth keeping while it waits. */
    private static final int MOST_PRESENTED = 1_024;

    private static final int MOST_WAITING = 256;
    private static final int MOST_THREADS = 4;
    private static final long IDLE_SECONDS = 30;
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Callbacks callbacks = Callbacks.growing();
    private final ThreadPoolExecutor slow;
    private final PasswordEncoder chosen;
    private final Map<String, PasswordEncoder> encoders;

    SecretHasher() {
        this(
                Math.max(1, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors() / 2)),
                MOST_WAITING,
                // 19 MiB, two passes, one lane: the least that OWASP's Password Storage Cheat Sheet asks for.
                new Argon2PasswordEncoder(16, 32, 1, 19_456, 2));
    }

    /**
     * With other bounds than the usual.
     *
     * @param threads how many secrets are hashed at once
     * @param mostWaiting how many more may wait
     * @param chosen hashes chosen secrets
     */
    SecretHasher(int threads, int mostWaiting, PasswordEncoder chosen) {
        this.chosen = chosen;
        slow = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(mostWaiting),
                SecretHasher::thread);
        slow.allowCoreThreadTimeOut(true);
        encoders = Map.of(
                CHOSEN,
                chosen,
                "argon2",
                chosen,
                "argon2@SpringSecurity_v5_8",
                chosen,
                BCRYPT,
                new BCryptPasswordEncoder());
    }

    /** A generated secret, hashed at once. */
    EncodedSecret encodeGenerated(String secret) {
        return new EncodedSecret("{" + GENERATED + "}" + sha256(secret));
    }

    /**
     * A chosen secret, hashed on a thread of its own.
     *
     * @return fails with a {@link Refusal} when too many are waiting
     */
    CompletableFuture<EncodedSecret> encodeChosen(String secret) {
        return slowly(() -> new EncodedSecret("{" + CHOSEN + "}" + chosen.encode(secret)));
    }

    /**
     * Whether a presented secret is the stored one; compared in constant time.
     *
     * @return false for a scheme that nobody here knows; fails with a {@link Refusal} when too many are waiting
     */
    CompletableFuture<Boolean> matches(String presented, EncodedSecret stored) {
        String hash = hash(stored);
        if (stored.scheme().equals(GENERATED)) {
            return CompletableFuture.completedFuture(MessageDigest.isEqual(
                    sha256(presented).getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII)));
        }
        PasswordEncoder encoder = encoders.get(stored.scheme());
        return encoder == null || presented.length() > MOST_PRESENTED
                ? CompletableFuture.completedFuture(false)
                : slowly(() -> matches(presented, encoder, hash));
    }

    private static boolean matches(String presented, PasswordEncoder encoder, String hash) {
        try {
            return encoder.matches(presented, hash);
        } catch (RuntimeException unreadable) {
            // Spring's encoders answer most hashes that are damaged with false, and trip over some.
            return false;
        }
    }

    /** Whether a stored secret is to be hashed anew by today's scheme and its cost, now that it was presented and matches. */
    boolean wantsUpgrade(String presented, EncodedSecret stored) {
        return switch (stored.scheme()) {
            case GENERATED -> false;
            case CHOSEN -> chosen.upgradeEncoding(hash(stored));
            // Whether what follows is right is not known, and to hash it would make it so.
            case BCRYPT -> presented.getBytes(StandardCharsets.UTF_8).length <= BCRYPT_BYTES;
            default -> true;
        };
    }

    private static String hash(EncodedSecret stored) {
        return stored.value().substring(stored.scheme().length() + 2);
    }

    private <T> CompletableFuture<T> slowly(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            slow.execute(() -> answerWith(answer, work));
        } catch (RejectedExecutionException full) {
            answer.completeExceptionally(new Refusal(
                    ServiceError.TEMPORARILY_UNAVAILABLE,
                    slow.isShutdown()
                            ? "this server is about to stop; try again in a moment"
                            : "too many secrets are being verified; try again in a moment"));
        }
        return answer;
    }

    private <T> void answerWith(CompletableFuture<T> answer, Supplier<T> work) {
        try {
            T value = work.get();
            callbacks.run(() -> answer.complete(value));
        } catch (RuntimeException | Error e) {
            callbacks.run(() -> answer.completeExceptionally(e));
        }
    }

    private static String sha256(String secret) {
        return HexFormat.of().formatHex(TokenDigest.sha256(secret).bytes());
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "qscope-secrets-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Takes nothing more; what it has taken is finished and answered. */
    @Override
    public void close() {
        slow.shutdown();
        callbacks.close();
    }
}
