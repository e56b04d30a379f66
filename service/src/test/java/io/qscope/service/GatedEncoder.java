package io.qscope.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.EncodedSecret;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/** A slow hash that is as slow as the test wants, and remembers who was at it. */
final class GatedEncoder implements PasswordEncoder {

    private final Semaphore gate = new Semaphore(0);
    private final Semaphore arrived = new Semaphore(0);
    private final AtomicInteger atWork = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Lets everybody through from now on. */
    void open() {
        gate.release(1_000_000);
    }

    /** Until so many stand before the gate. */
    void await(int wanted) throws InterruptedException {
        assertThat(arrived.tryAcquire(wanted, 30, TimeUnit.SECONDS)).isTrue();
    }

    /** How many hashed at once at most. */
    int most() {
        return most.get();
    }

    /** Who hashed. */
    Set<Thread> threads() {
        return threads;
    }

    /** A secret as it is stored by this hash. */
    static EncodedSecret stored(String secret) {
        return new EncodedSecret("{argon2id}" + hash(secret));
    }

    @Override
    public String encode(@Nullable CharSequence secret) {
        work();
        return hash(secret);
    }

    @Override
    public boolean matches(@Nullable CharSequence secret, @Nullable String encoded) {
        work();
        return hash(secret).equals(encoded);
    }

    private static String hash(@Nullable CharSequence secret) {
        return new StringBuilder(String.valueOf(secret)).reverse().toString();
    }

    private void work() {
        threads.add(Thread.currentThread());
        most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
        arrived.release();
        gate.acquireUninterruptibly();
        atWork.decrementAndGet();
    }
}
