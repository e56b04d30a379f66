package io.qscope.spring;

import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How the adapter calls a storage, whose calls are asynchronous, from Spring's interfaces, which are not: it waits, for a bounded
 * time. A call holds no connection while its caller does something else, so callers cannot wait for each other. Immutable; safe
 * for any number of threads.
 */
public final class StorageAccess {

    /** How long a call is waited for, unless something else is said. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final String ACTOR = "spring";

    private final Storage storage;
    private final InstantSource clock;
    private final Duration timeout;
    private final Supplier<RayId> rays;

    private StorageAccess(Storage storage, InstantSource clock, Duration timeout, Supplier<RayId> rays) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.timeout = Objects.requireNonNull(timeout, "timeout");
        this.rays = Objects.requireNonNull(rays, "rays");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout must be longer than nothing");
        }
    }

    /** To that storage, by the system's clock, with {@link #DEFAULT_TIMEOUT} and random ray ids. The storage is not closed. */
    public static StorageAccess to(Storage storage) {
        return new StorageAccess(storage, InstantSource.system(), DEFAULT_TIMEOUT, RayId::random);
    }

    /** The same by another clock. */
    public StorageAccess withClock(InstantSource other) {
        return new StorageAccess(storage, other, timeout, rays);
    }

    /**
     * The same with another bound of the wait for one call.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public StorageAccess withTimeout(Duration other) {
        return new StorageAccess(storage, clock, other, rays);
    }

    /** The same with ray ids from elsewhere, such as the trace that a request belongs to; asked on the request's thread. */
    public StorageAccess withRays(Supplier<RayId> other) {
        return new StorageAccess(storage, clock, timeout, other);
    }

    /** The storage. */
    public Storage storage() {
        return storage;
    }

    /** What the clock says. */
    Instant now() {
        return clock.instant();
    }

    /** Who writes: {@code createdBy} and {@code updatedBy}. */
    String actor() {
        return ACTOR;
    }

    /** A new attempt, at this moment. */
    Attempt attempt() {
        return Attempt.of(now(), ACTOR);
    }

    /**
     * Makes a call and waits for its answer.
     *
     * @param call is given the ray id of the call
     * @return the answer
     * @throws TemporarilyUnavailableException when the storage cannot serve it, does not answer in time, or the thread is
     *     interrupted, which stays so
     * @throws StorageException any other one that the call fails with
     */
    <T> T call(Function<RayId, CompletableFuture<T>> call) {
        try {
            return probe(call);
        } catch (TemporarilyUnavailableException e) {
            UnavailableRequests.note();
            throw e;
        }
    }

    /** As {@link #call}, but a failure says nothing of the request that it is made in. */
    <T> T probe(Function<RayId, CompletableFuture<T>> call) {
        CompletableFuture<T> future = call.apply(rays.get());
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw translated(Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            throw new TemporarilyUnavailableException("the storage did not answer within " + timeout, true, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TemporarilyUnavailableException("interrupted while the storage was waited for", true, null);
        }
    }

    private static RuntimeException translated(Throwable cause) {
        if (cause instanceof StorageUnavailableException e) {
            return new TemporarilyUnavailableException(e.getMessage(), e.outcomeUnknown(), e);
        }
        if (cause instanceof StorageException e) {
            // Thrown by a thread that answers: this one's stack tells who waited.
            e.addSuppressed(new IllegalStateException("the call was waited for here"));
            return e;
        }
        return new IllegalStateException("a storage failed otherwise than its contract says", cause);
    }
}
