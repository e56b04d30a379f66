package io.qscope.store;

import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Authorization requests that wait for their answer: pushed ones (RFC 9126), and those whose user is being asked. */
public interface AuthorizationRequestTable extends FamilyTable<AuthorizationRequest> {

    /**
     * Reads a request by the digest of its handle. Using it up takes {@link #consume}.
     *
     * @return as {@link #getById}
     */
    CompletableFuture<Optional<AuthorizationRequest>> getByHandle(TokenDigest handle, RayId rayId);

    /**
     * Reads the family of a request by the digest of its handle, at one moment.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamily(TokenDigest handle, RayId rayId);

    /**
     * Uses a request, once (RFC 9126 §4).
     *
     * <p>Absence: {@code Unknown}. Repeat: by the same attempt {@code Consumed} again; by another {@code
     * AlreadyConsumed}, a replay, also after expiry. Concurrency: exactly one attempt gets {@code Consumed}, ever,
     * whatever the number of processes.
     *
     * @return what was found, judged in the order of {@link ConsumeOutcome.Kind}; fails with {@link
     *     StorageUnavailableException}
     */
    CompletableFuture<ConsumeOutcome<AuthorizationRequest>> consume(TokenDigest handle, Attempt attempt, RayId rayId);
}
