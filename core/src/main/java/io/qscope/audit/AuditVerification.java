package io.qscope.audit;

import io.qscope.key.KeyRing;
import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Verifies an audit log: that its entries are what was written, all of them, in their order. Immutable; a verification may be
 * run any number of times, also while others write to the log.
 *
 * <p><b>What it finds</b> is in {@link AuditFinding.Kind}: entries that were changed, deleted, inserted or moved by whoever has
 * the database and not the keys. A chain that ends without its closing is no finding: that is how a killed process leaves it.
 *
 * <p><b>What it cannot tell:</b> whether the newest entries of a chain were deleted, as long as nothing records where it stood.
 * The next chain's opening does, and so does an {@link AuditCheckpoint} kept elsewhere: give all that were kept to {@link #against}. It
 * tells nothing of entries from before there were keys, and nothing at all to somebody whose keys were stolen.
 *
 * <p>It reads the log twice, in pages, and remembers the chains and the heads that openings recorded, not the entries. An
 * entry damaged so that it cannot be read ends it there, and is a finding.
 */
public final class AuditVerification {

    private final AuditLogTable log;
    private final Supplier<KeyRing> keys;
    private final List<AuditCheckpoint> checkpoints;
    private final LongConsumer progress;

    private AuditVerification(
            AuditLogTable log, Supplier<KeyRing> keys, List<AuditCheckpoint> checkpoints, LongConsumer progress) {
        this.log = log;
        this.keys = keys;
        this.checkpoints = checkpoints;
        this.progress = progress;
    }

    /**
     * A verification of a storage's log; the storage needs no keys of its own for it.
     *
     * @param keys every key that hashed entries of it
     */
    public static AuditVerification of(Storage storage, Supplier<KeyRing> keys) {
        return of(storage.auditLog(), keys);
    }

    /**
     * A verification of a log.
     *
     * @param keys every key that hashed entries of it
     */
    public static AuditVerification of(AuditLogTable log, Supplier<KeyRing> keys) {
        Objects.requireNonNull(log, "log");
        Objects.requireNonNull(keys, "keys");
        return new AuditVerification(log, keys, List.of(), read -> {});
    }

    /**
     * This, and that what a checkpoint pins is still there; findings that it acknowledges are told apart. To be called once for
     * each checkpoint that was kept.
     */
    public AuditVerification against(AuditCheckpoint checkpoint) {
        List<AuditCheckpoint> more = new ArrayList<>(checkpoints);
        more.add(Objects.requireNonNull(checkpoint, "checkpoint"));
        return new AuditVerification(log, keys, List.copyOf(more), progress);
    }

    /**
     * This, telling how far it is.
     *
     * @param read told after each page how many entries have been read: in the end, each entry once and each entry of a chain
     *     twice
     */
    public AuditVerification telling(LongConsumer read) {
        return new AuditVerification(log, keys, checkpoints, Objects.requireNonNull(read, "read"));
    }

    /**
     * Reads and judges the whole log.
     *
     * @return the report; fails with {@link StorageUnavailableException} when the log cannot be read or the keys cannot be had
     */
    public CompletableFuture<AuditReport> run(RayId rayId) {
        Objects.requireNonNull(rayId, "rayId");
        KeyRing ring;
        try {
            ring = Objects.requireNonNull(keys.get());
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(new StorageUnavailableException(
                    "the keys of the audit log cannot be had ("
                            + failed.getClass().getName() + ")",
                    false,
                    rayId));
        }
        CompletableFuture<AuditReport> report = new CompletableFuture<>();
        var unused = read(ring, rayId).whenComplete((done, error) -> {
            if (error == null) {
                report.complete(done);
            } else {
                report.completeExceptionally(
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
        return report;
    }

    private CompletableFuture<AuditReport> read(KeyRing ring, RayId rayId) {
        AuditFindings findings = new AuditFindings(checkpoints);
        PinnedHeads heads = new PinnedHeads(AuditReport.MOST_RECORDED);
        checkpoints.forEach(checkpoint -> checkpoint
                .heads()
                .forEach(head -> heads.byCheckpoint(head, checkpoint.takenAt().toString())));
        Counter counter = new Counter(progress);
        OpeningsReader openings = new OpeningsReader(ring, heads, findings);
        ChainsReader chains = new ChainsReader(ring, heads, findings);
        return LogWalk.through(
                        page -> log.page(Limits.EARLIEST, Limits.LATEST.plusMillis(1), page, rayId), openings, counter)
                .thenCompose(done -> LogWalk.through(page -> log.chained(page, rayId), chains, counter))
                .thenApply(done -> chains.report(openings.beforeFirstChain(), checkpoints));
    }

    /** Adds up what the two passes have read. */
    private static final class Counter implements LongConsumer {

        private final LongConsumer progress;
        private long read;

        Counter(LongConsumer progress) {
            this.progress = progress;
        }

        @Override
        public void accept(long more) {
            read += more;
            progress.accept(read);
        }
    }
}
