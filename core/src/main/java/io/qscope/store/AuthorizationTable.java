package io.qscope.store;

import io.qscope.model.Authorization;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The roots of families. A code or token is live only while its root is: every transition and insert checks the root in
 * the same atomic step, so no rotation in flight slips past a revocation. A call that overlaps the revocation may still be
 * answered as won; what it wrote reads back dead.
 */
public interface AuthorizationTable extends BaseTable<Authorization> {

    /**
     * Reads a family by the id of its root, at one moment.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamily(String id, RayId rayId);

    /**
     * Revokes a family by one mark on its root, whatever its size (RFC 9700 §4.14.2).
     *
     * <p>Absence: {@code Unknown}. Repeat: {@code AlreadyRevoked}, and the first {@code revokedAt} stays; by the same
     * attempt {@code Revoked}. Concurrency: one of any number wins; nothing undoes it.
     *
     * @return what was found; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<RevokeOutcome<Authorization>> revoke(String id, Attempt attempt, RayId rayId);

    /**
     * Revokes every family of a client, and its access tokens that stand alone.
     *
     * <p>Absence and repeat: counts of zero. Concurrency: what is inserted while it runs may be left.
     *
     * @return how many rows were marked; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<RevokeCount> revokeByClient(String clientId, Attempt attempt, RayId rayId);

    /** As {@link #revokeByClient}, for everything that a user granted. */
    CompletableFuture<RevokeCount> revokeByUser(String userId, Attempt attempt, RayId rayId);

    /**
     * Lists a client's authorizations, revoked ones too, ordered by id.
     *
     * @return the page, empty when there is none; fails with {@link InvalidRowException} when it starts after what no page
     *     of this listing ended with, and as {@link #getById}
     */
    CompletableFuture<Slice<Authorization>> listByClient(String clientId, Page page, RayId rayId);

    /** As {@link #listByClient}, for a user. */
    CompletableFuture<Slice<Authorization>> listByUser(String userId, Page page, RayId rayId);
}
