package io.qscope.store;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** The audit log: append-only. */
public interface AuditLogTable extends BaseTable<AuditLog> {

    /** What {@link #update} and {@link #deleteById} fail with. */
    String APPEND_ONLY = "audit_log is append-only";

    /**
     * Lists the entries of one request, ordered by {@code createdAt}, then id.
     *
     * @param wanted the request looked for
     * @return the page, empty when there is none; fails with {@link InvalidRowException} when it starts after what no page
     *     of this listing ended with, and as {@link #getById}
     */
    CompletableFuture<Slice<AuditLog>> byRay(RayId wanted, Page page, RayId rayId);

    /**
     * Lists the entries of a time, ordered by {@code createdAt}, then id.
     *
     * @param from the first moment
     * @param until the first moment after
     * @return the page, empty when there is none; fails with {@link InvalidRowException} when it starts after what no page
     *     of this listing ended with, and as {@link #getById}
     */
    CompletableFuture<Slice<AuditLog>> page(Instant from, Instant until, Page page, RayId rayId);

    /**
     * Lists the entries that have a place in a chain, in the order of their chains: by {@code chain} (byte order), then {@code
     * sequence}.
     *
     * <p>Concurrency: what was committed together is seen together. A chain grows at its end only, so entries that come while
     * the listing is read are either met or belong to what comes after it.
     *
     * @return the page, empty when there is none; fails with {@link InvalidRowException} when it starts after what no page
     *     of this listing ended with, and as {@link #getById}
     */
    CompletableFuture<Slice<AuditLog>> chained(Page page, RayId rayId);

    /**
     * Refused: evidence does not change.
     *
     * @return always fails with {@link UnsupportedOperationException}, saying {@value #APPEND_ONLY}
     * @deprecated so that a call does not compile unnoticed
     */
    @Override
    @Deprecated(forRemoval = false)
    default CompletableFuture<Void> update(AuditLog row, RayId rayId) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(APPEND_ONLY));
    }

    /**
     * Refused: evidence stays.
     *
     * @return always fails with {@link UnsupportedOperationException}, saying {@value #APPEND_ONLY}
     * @deprecated so that a call does not compile unnoticed
     */
    @Override
    @Deprecated(forRemoval = false)
    default CompletableFuture<Void> deleteById(String id, RayId rayId) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(APPEND_ONLY));
    }
}
