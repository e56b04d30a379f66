package io.qscope.store;

import io.qscope.model.DeviceCode;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Device codes (RFC 8628). */
public interface DeviceCodeTable extends FamilyTable<DeviceCode> {

    /**
     * Reads by the digest of the device code. Polling takes {@link #poll}.
     *
     * @return as {@link #getById}
     */
    CompletableFuture<Optional<DeviceCode>> getByDeviceCode(TokenDigest deviceCode, RayId rayId);

    /**
     * Reads by the digest of the user code, for the page that asks the user.
     *
     * @return as {@link #getById}
     */
    CompletableFuture<Optional<DeviceCode>> getByUserCode(TokenDigest userCode, RayId rayId);

    /**
     * Reads the family of a device code by its digest, at one moment.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamilyByDeviceCode(TokenDigest deviceCode, RayId rayId);

    /**
     * Reads the family of a device code by the digest of its user code, at one moment.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamilyByUserCode(TokenDigest userCode, RayId rayId);

    /**
     * The user agrees (RFC 8628 §3.3): from pending only. Sets {@code userId} on the row and on its root in one step.
     *
     * <p>Absence: {@code Unknown}. Repeat: by the same attempt {@code Decided} again, by another {@code AlreadyDecided}.
     * Concurrency: one of any number of {@code approve} and {@code deny} wins.
     *
     * @return what was found, judged in the order of {@link DecisionOutcome.Kind}; fails with {@link
     *     InvalidRowException} for a blank or over-long user id, {@link StorageUnavailableException}
     */
    CompletableFuture<DecisionOutcome> approve(TokenDigest userCode, String userId, Attempt attempt, RayId rayId);

    /** The user refuses: as {@link #approve}, and no user id is set. */
    CompletableFuture<DecisionOutcome> deny(TokenDigest userCode, Attempt attempt, RayId rayId);

    /**
     * The device asks (RFC 8628 §3.4). Less than {@code interval} after the last poll it is told {@code SlowDown}, and the
     * interval grows by five seconds, for good (§3.5). Approval is reported, not consumed.
     *
     * <p>Absence: {@code Unknown}. Repeat: by the attempt that polled last, the first answer again. Concurrency: polls are
     * judged one after the other.
     *
     * @return what was found, judged in the order of {@link PollOutcome.Kind}; fails with {@link
     *     StorageUnavailableException}
     */
    CompletableFuture<PollOutcome> poll(TokenDigest deviceCode, Attempt attempt, RayId rayId);

    /**
     * Redeems an approved device code, once: as {@link AuthorizationCodeTable#consume}, and one that is pending or denied
     * is {@code NotApproved}.
     */
    CompletableFuture<ConsumeOutcome<DeviceCode>> consume(TokenDigest deviceCode, Attempt attempt, RayId rayId);
}
