package io.qscope.store;

import io.qscope.model.RayId;
import io.qscope.model.Row;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What every table does. See the package for what holds for every call.
 *
 * @param <T> the row
 */
public interface BaseTable<T extends Row> {

    /**
     * Stores a new row, with version 1 whatever the row says; fields that the store gives are ignored.
     *
     * <p>Repeat: the second one fails; after a lost answer compare by {@link #getById}. Concurrency: of any number of
     * inserts with an equal key one wins.
     *
     * @return completes when the row is durable; fails, judged in this order, with {@link RevokedAuthorizationException}
     *     under a revoked root, {@link DuplicateRowException} naming the key that is taken ({@code id} first), {@link
     *     MissingReferenceException} naming the field; with {@link StorageUnavailableException}
     */
    CompletableFuture<Void> insert(T row, RayId rayId);

    /**
     * Reads a row. Expired, consumed and revoked rows are returned as they are.
     *
     * <p>Concurrency: sees every write that was acknowledged before the call began.
     *
     * @return the row; empty when there is none; fails with {@link StorageUnavailableException}, {@link
     *     StorageCorruptedException}
     */
    CompletableFuture<Optional<T>> getById(String id, RayId rayId);

    /**
     * Replaces a row that is still at the version given (compare-and-set), and adds one to its version.
     *
     * <p>May not change digests, {@code clientId}, {@code authorizationId}, {@code predecessorId}, {@code created…}, nor
     * what transitions own: {@code consumedAt}, {@code rotatedAt}, {@code graceUses}, {@code revokedAt}, {@code state},
     * {@code interval}, {@code lastPolledAt}, the {@code userId} of a device code or a consent; of an ID token nothing but its
     * metadata. Never undoes a transition.
     *
     * <p>Repeat: the second one is stale. Concurrency: of any number of updates of one version one wins.
     *
     * @return completes when durable; fails with {@link RowNotFoundException} when absent, {@link StaleRowException} when
     *     the version is another, {@link InvalidRowException} when a field was changed that may not, {@link
     *     DuplicateRowException}, {@link StorageUnavailableException}
     */
    CompletableFuture<Void> update(T row, RayId rayId);

    /**
     * Deletes a row and what descends from it.
     *
     * <p>Absence and repeat: succeeds, so it is safe to retry.
     *
     * @return completes when durable; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<Void> deleteById(String id, RayId rayId);
}
