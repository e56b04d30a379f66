package io.qscope.store;

import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Refresh tokens. */
public interface RefreshTokenTable extends FamilyTable<RefreshToken> {

    /**
     * Reads a token by its digest. Refreshing takes {@link #rotate}.
     *
     * @return as {@link #getById}
     */
    CompletableFuture<Optional<RefreshToken>> getByToken(TokenDigest token, RayId rayId);

    /**
     * Reads the family of a token by the token's digest, at one moment.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId);

    /**
     * Retires a refresh token and stores its successor, in one step (RFC 9700 §4.14.2).
     *
     * <p>Absence: {@code Unknown}. Repeat: by the same attempt with an equal successor, the first answer again; with another
     * successor {@link InvalidRowException}. Otherwise a rotated token is {@code AlreadyRotated}, a replay, except within
     * the grace: until {@code window} after the first rotation, at most {@code maxUses} times, and only while no successor
     * was itself rotated. Concurrency: exactly one attempt gets {@code Rotated}; a successor exists if and only if it was
     * reported.
     *
     * @param successor of the same client and authorization, with the presented token's id as {@code predecessorId}
     * @return what was found, judged in the order of {@link RotateOutcome.Kind}; fails, and then nothing is rotated, with
     *     {@link InvalidRowException} when the successor does not descend from the token, {@link DuplicateRowException}
     *     for its keys, {@link StorageUnavailableException}
     */
    CompletableFuture<RotateOutcome> rotate(
            TokenDigest token, RefreshToken successor, Grace grace, Attempt attempt, RayId rayId);

    /** Revokes one token, not its family: as {@link AccessTokenTable#revoke}. */
    CompletableFuture<RevokeOutcome<RefreshToken>> revoke(TokenDigest token, Attempt attempt, RayId rayId);

    /** As {@link AccessTokenTable#revokeOldest}, among the tokens that are live and not rotated. */
    CompletableFuture<RevokeCount> revokeOldest(
            String clientId, @Nullable String userId, int keep, Attempt attempt, RayId rayId);
}
