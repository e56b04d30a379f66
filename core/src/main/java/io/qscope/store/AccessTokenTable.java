package io.qscope.store;

import io.qscope.model.AccessToken;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Access tokens. */
public interface AccessTokenTable extends FamilyTable<AccessToken> {

    /**
     * Reads a token by its digest. {@link AccessToken#isLive} says whether it is good.
     *
     * @return as {@link #getById}
     */
    CompletableFuture<Optional<AccessToken>> getByToken(TokenDigest token, RayId rayId);

    /**
     * Reads the family of a token by the token's digest, at one moment. A token that stands alone has none.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId);

    /**
     * Deletes a token by its digest. Absence and repeat: succeeds. By default reads, then deletes by id; an engine makes it
     * one statement.
     *
     * @return as {@link #deleteById}
     */
    default CompletableFuture<Void> deleteByToken(TokenDigest token, RayId rayId) {
        return getByToken(token, rayId)
                .thenCompose(row -> row.map(found -> deleteById(found.id(), rayId))
                        .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    /**
     * Revokes one token (RFC 7009 §2.1), not its family.
     *
     * <p>Absence: {@code Unknown}. Repeat: {@code AlreadyRevoked}, and the first {@code revokedAt} stays; by the same
     * attempt {@code Revoked}. Concurrency: one of any number wins; nothing undoes it.
     *
     * @return what was found; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<RevokeOutcome<AccessToken>> revoke(TokenDigest token, Attempt attempt, RayId rayId);

    /**
     * Revokes the oldest live tokens of a user at a client beyond a number to keep, by {@code createdAt}, then id: a FIFO
     * limit.
     *
     * <p>Absence and repeat: counts of zero. Concurrency: calls in flight may leave more than {@code keep}, which the next
     * call corrects.
     *
     * @param userId the user; none: the tokens of the client itself
     * @param keep how many stay, at least 0
     * @return how many were revoked; fails with {@link InvalidRowException} for a negative number, {@link
     *     StorageUnavailableException}
     */
    CompletableFuture<RevokeCount> revokeOldest(
            String clientId, @Nullable String userId, int keep, Attempt attempt, RayId rayId);
}
