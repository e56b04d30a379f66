package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sealed by what is not here: nothing changes or takes away an entry once the call that wrote it was answered. */
@SuppressWarnings("deprecation") // the refusals must be overridden to be overridden well
final class MemoryAuditLogTable extends MemoryTable<AuditLog> implements AuditLogTable {

    private final MemoryAuditChain chain;

    MemoryAuditLogTable(MemoryData data, Calls calls, MemoryAuditChain chain) {
        super(AuditLog.class, data, data.auditLog, calls);
        this.chain = chain;
    }

    @Override
    void insertNow(Stored<AuditLog> given, RayId rayId) {
        super.insertNow(given.rewritten(chain.seal(given.row(), rayId)), rayId);
    }

    @Override
    AuditLog held(AuditLog row, long version) {
        return row;
    }

    /** None: evidence outlives its subject. */
    @Override
    @Nullable
    String clientIdOf(AuditLog row) {
        return null;
    }

    @Override
    @Nullable
    String authorizationIdOf(AuditLog row) {
        return null;
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> byRay(RayId wanted, Page page, RayId rayId) {
        requireNonNull(wanted, "wanted");
        requireNonNull(page, "page");
        return call("byRay", rayId, () -> Pages.byTime(seenAll(data.auditLogByRay.all(wanted)), page, rayId));
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> page(Instant from, Instant until, Page page, RayId rayId) {
        requireNonNull(from, "from");
        requireNonNull(until, "until");
        requireNonNull(page, "page");
        return call(
                "page",
                rayId,
                () -> Pages.byTime(seenAll().filter(entry -> isWithin(entry, from, until)), page, rayId));
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> chained(Page page, RayId rayId) {
        requireNonNull(page, "page");
        return call("chained", rayId, () -> Pages.byChain(seenAll(), page, rayId));
    }

    @Override
    void updateNow(AuditLog row, RayId rayId) {
        throw new UnsupportedOperationException(APPEND_ONLY);
    }

    @Override
    void deleteNow(String id) {
        throw new UnsupportedOperationException(APPEND_ONLY);
    }

    @Override
    public CompletableFuture<Void> update(AuditLog row, RayId rayId) {
        return super.update(row, rayId);
    }

    @Override
    public CompletableFuture<Void> deleteById(String id, RayId rayId) {
        return super.deleteById(id, rayId);
    }

    private static boolean isWithin(AuditLog entry, Instant from, Instant until) {
        return !entry.createdAt().isBefore(from) && entry.createdAt().isBefore(until);
    }
}
