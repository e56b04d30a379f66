package io.qscope.audit;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.StorageCorruptedException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** An audit log that is whatever list of entries it is given: what somebody with the database made of it. */
final class ListedLog implements AuditLogTable {

    private final List<AuditLog> byTime;
    private final List<AuditLog> byChain;
    private final int pageSize;
    private final Set<String> damaged;

    /**
     * A log.
     *
     * @param rows in any order
     * @param pageSize at most so many entries a page
     * @param damaged ids of entries that cannot be read
     */
    ListedLog(List<AuditLog> rows, int pageSize, Set<String> damaged) {
        this.byTime = rows.stream()
                .sorted(Comparator.comparing(AuditLog::createdAt).thenComparing(AuditLog::id))
                .toList();
        this.byChain = rows.stream()
                .filter(row -> row.chain() != null && row.sequence() != null)
                .sorted(Comparator.comparing((AuditLog row) -> Objects.requireNonNull(row.chain()))
                        .thenComparing(row -> Objects.requireNonNull(row.sequence())))
                .toList();
        this.pageSize = pageSize;
        this.damaged = damaged;
    }

    static ListedLog of(List<AuditLog> rows) {
        return new ListedLog(rows, Page.MOST, Set.of());
    }

    @Override
    public CompletableFuture<Void> insert(AuditLog row, RayId rayId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Optional<AuditLog>> getById(String id, RayId rayId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> byRay(RayId wanted, Page page, RayId rayId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> page(Instant from, Instant until, Page page, RayId rayId) {
        List<AuditLog> within = byTime.stream()
                .filter(row ->
                        !row.createdAt().isBefore(from) && row.createdAt().isBefore(until))
                .toList();
        return cut(within, page, rayId);
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> chained(Page page, RayId rayId) {
        return cut(byChain, page, rayId);
    }

    private CompletableFuture<Slice<AuditLog>> cut(List<AuditLog> all, Page page, RayId rayId) {
        String after = page.after();
        int from = after == null ? 0 : Integer.parseInt(after);
        int to = Math.min(all.size(), from + Math.min(page.size(), pageSize));
        List<AuditLog> shown = all.subList(from, to);
        if (shown.stream().anyMatch(row -> damaged.contains(row.id()))) {
            return CompletableFuture.failedFuture(new StorageCorruptedException("a row is damaged", rayId));
        }
        return CompletableFuture.completedFuture(new Slice<>(shown, to == all.size() ? null : Integer.toString(to)));
    }
}
