package io.qscope.store;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Authorization codes (RFC 6749 §4.1). */
public interface AuthorizationCodeTable extends FamilyTable<AuthorizationCode> {

    /**
     * Reads a code by its digest. Redeeming takes {@link #consume}.
     *
     * @return as {@link #getById}
     */
    CompletableFuture<Optional<AuthorizationCode>> getByCode(TokenDigest code, RayId rayId);

    /**
     * Reads the family of a code by the code's digest, at one moment.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamily(TokenDigest code, RayId rayId);

    /**
     * Deletes a code by its digest. Absence and repeat: succeeds.
     *
     * @return as {@link #deleteById}
     */
    CompletableFuture<Void> deleteByCode(TokenDigest code, RayId rayId);

    /**
     * Redeems a code, once (RFC 6749 §4.1.2).
     *
     * <p>Absence: {@code Unknown}. Repeat: by the same attempt {@code Consumed} again; by another {@code
     * AlreadyConsumed}, a replay, also after expiry. Concurrency: exactly one attempt gets {@code Consumed}, ever,
     * whatever the number of processes.
     *
     * @return what was found, judged in the order of {@link ConsumeOutcome.Kind}; fails with {@link
     *     StorageUnavailableException}
     */
    CompletableFuture<ConsumeOutcome<AuthorizationCode>> consume(TokenDigest code, Attempt attempt, RayId rayId);
}
