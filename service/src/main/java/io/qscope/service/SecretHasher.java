package io.qscope.service;

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
 * that wait, so that guessing at secrets starves nobody of processors or memory.
 */
final class SecretHasher implements AutoCloseable {

    /** Of a generated secret: fast, and enough for 256 random bits. */
    static final String GENERATED = "sha256";

    /** Of a chosen secret (RFC 9106). */
    static final String CHOSEN = "argon2id";

    private static final int MOST_WAITING = 256;
    private static final int MOST_THREADS = 4;
    private static final long IDLE_SECONDS = 30;
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final ThreadPoolExecutor slow;
    // 19 MiB, two passes, one lane: the least that OWASP's Password Storage Cheat Sheet asks for.
    private final PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 19_456, 2);
    private final Map<String, PasswordEncoder> encoders;

    SecretHasher() {
        int threads = Math.max(1, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors() / 2));
        slow = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                SecretHasher::thread);
        slow.allowCoreThreadTimeOut(true);
        encoders = Map.of(
                CHOSEN,
                argon2,
                "argon2",
                argon2,
                "argon2@SpringSecurity_v5_8",
                argon2,
                "bcrypt",
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
        return slowly(() -> new EncodedSecret("{" + CHOSEN + "}" + argon2.encode(secret)));
    }

    /**
     * Whether a presented secret is the stored one; compared in constant time.
     *
     * @return false for a scheme that nobody here knows; fails with a {@link Refusal} when too many are waiting
     */
    CompletableFuture<Boolean> matches(String presented, EncodedSecret stored) {
        String hash = stored.value().substring(stored.scheme().length() + 2);
        if (stored.scheme().equals(GENERATED)) {
            return CompletableFuture.completedFuture(MessageDigest.isEqual(
                    sha256(presented).getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII)));
        }
        PasswordEncoder encoder = encoders.get(stored.scheme());
        return encoder == null
                ? CompletableFuture.completedFuture(false)
                : slowly(() -> encoder.matches(presented, hash));
    }

    /** Whether a stored secret wants to be hashed anew by today's scheme and its cost, when it is next presented. */
    boolean isOutdated(EncodedSecret stored) {
        if (stored.scheme().equals(GENERATED)) {
            return false;
        }
        String hash = stored.value().substring(stored.scheme().length() + 2);
        return !stored.scheme().equals(CHOSEN) || argon2.upgradeEncoding(hash);
    }

    private <T> CompletableFuture<T> slowly(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            slow.execute(() -> {
                try {
                    answer.complete(work.get());
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException full) {
            answer.completeExceptionally(new Refusal(
                    ServiceError.TEMPORARILY_UNAVAILABLE,
                    "too many secrets are being verified; try again in a moment"));
        }
        return answer;
    }

    private static String sha256(String secret) {
        return HexFormat.of().formatHex(TokenDigest.sha256(secret).bytes());
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "qscope-secrets-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Starts nothing more; what is being worked on is finished. */
    @Override
    public void close() {
        slow.shutdown();
    }
}
