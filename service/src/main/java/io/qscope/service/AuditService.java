package io.qscope.service;

import io.qscope.audit.AuditCheckpoint;
import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.model.AuditLog;
import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.result.Result;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The audit log, for those who look into it. What happened is written by the services themselves, with what they change. */
public final class AuditService {

    /** Short, so that on a busy server no more is read than about {@link #WIDENED} times what is asked for. */
    private static final Duration FIRST_WINDOW = Duration.ofSeconds(1);

    private static final int WIDENED = 8;

    private final ServiceContext context;

    AuditService(ServiceContext context) {
        this.context = context;
    }

    /**
     * What stands for a user in the log, by each readable key: what {@code AuditLog.userId()} is for entries that tell of the
     * user.
     *
     * @return the newest first
     */
    public List<String> referencesTo(String userId) {
        return context.people.all(userId);
    }

    /** The entry as JSON in one line, with all its fields: {@code snake_case} names, moments as ISO 8601. */
    public static String toJson(AuditLog entry) {
        return AuditJson.line(entry);
    }

    /**
     * Goes through the entries of a time, by {@code createdAt}, then id.
     *
     * @param from the first moment
     * @param until the first moment after
     * @param each told every entry, one after the other, on a thread of the storage's; what it throws fails the future
     * @return how many there were
     */
    public CompletableFuture<Result<Long>> walk(Instant from, Instant until, Consumer<AuditLog> each, RayId ray) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(each, "each");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(walk(from, until, Page.first(Page.MOST), each, 0, ray), 200, ray);
    }

    private CompletableFuture<Long> walk(
            Instant from, Instant until, Page page, Consumer<AuditLog> each, long before, RayId ray) {
        return context.storage.auditLog().page(from, until, page, ray).thenCompose(slice -> {
            slice.rows().forEach(each);
            long read = before + slice.rows().size();
            return slice.nextPage(Page.MOST)
                    .map(next -> walk(from, until, next, each, read, ray))
                    .orElseGet(() -> CompletableFuture.completedFuture(read));
        });
    }

    /**
     * The newest entries, oldest first.
     *
     * @param count how many, at least 1
     * @return that many, or all there are
     */
    public CompletableFuture<Result<List<AuditLog>>> latest(int count, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1");
        }
        return Refusal.answer(latest(count, context.now(), FIRST_WINDOW, ray), 200, ray);
    }

    /** Looks at ever longer times, since the log is read forwards. */
    private CompletableFuture<List<AuditLog>> latest(int count, Instant now, Duration window, RayId ray) {
        boolean all = window.compareTo(Duration.between(Limits.EARLIEST, now)) >= 0;
        Instant from = all ? Limits.EARLIEST : now.minus(window);
        // What a clock that goes ahead wrote is there too.
        Instant until = Limits.LATEST;
        List<AuditLog> newest = new ArrayList<>();
        return walk(from, until, Page.first(Page.MOST), entry -> keep(newest, entry, count), 0, ray)
                .thenCompose(read -> all || newest.size() >= count
                        ? CompletableFuture.completedFuture(
                                newest.subList(Math.max(0, newest.size() - count), newest.size()))
                        : latest(count, now, window.multipliedBy(WIDENED), ray));
    }

    private static void keep(List<AuditLog> newest, AuditLog entry, int count) {
        newest.add(entry);
        if (newest.size() > 2L * count) {
            newest.subList(0, newest.size() - count).clear();
        }
    }

    /** A page of the entries of one request, by {@code createdAt}, then id. */
    public CompletableFuture<Result<Slice<AuditLog>>> ofRay(RayId wanted, Page page, RayId ray) {
        return Refusal.answer(Refusal.ofPage(context.storage.auditLog().byRay(wanted, page, ray)), 200, ray);
    }

    /**
     * Verifies the whole log against the key ring and against checkpoints.
     *
     * @param checkpoints none, or those that were kept elsewhere
     * @param progress told now and again how many entries have been read: those of a chain are read twice
     * @return what was found, intact or not; see {@link AuditVerification}
     */
    public CompletableFuture<Result<AuditReport>> verify(
            List<AuditCheckpoint> checkpoints, LongConsumer progress, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(verified(checkpoints, progress, ray), 200, ray);
    }

    private CompletableFuture<AuditReport> verified(
            List<AuditCheckpoint> checkpoints, LongConsumer progress, RayId ray) {
        AuditVerification verification =
                AuditVerification.of(context.storage, context.keys).telling(progress);
        for (AuditCheckpoint checkpoint : checkpoints) {
            verification = verification.against(checkpoint);
        }
        return verification.run(ray);
    }

    /**
     * Verifies the log and makes a checkpoint of it, to be kept where whoever can write to the database cannot.
     *
     * @param kept every checkpoint that was kept so far: each pins what a later one may not know of, and says which findings are
     *     acknowledged
     * @param progress as for {@link #verify}
     * @return the checkpoint; {@code CONFLICT} when the log has findings that none of those acknowledges, or more in it than a
     *     report holds
     */
    public CompletableFuture<Result<AuditCheckpoint>> checkpoint(
            List<AuditCheckpoint> kept, LongConsumer progress, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                verified(kept, progress, ray).thenApply(report -> {
                    if (!report.findings().isEmpty()) {
                        throw new Refusal(
                                ServiceError.CONFLICT,
                                "the audit log is not intact, and a checkpoint would hide that; verify it first");
                    }
                    return signed(report);
                }),
                200,
                ray);
    }

    /**
     * Makes a checkpoint that acknowledges what a verification found: somebody has looked into each finding. A later {@link
     * #checkpoint} against it refuses only what is new.
     *
     * @param report the findings that were looked into, as {@link #verify} gave them
     * @return the checkpoint; {@code CONFLICT} when there are more findings than {@link AuditCheckpoint#MOST_ACKNOWLEDGED}, or
     *     more in the log than a report holds
     */
    public CompletableFuture<Result<AuditCheckpoint>> acknowledge(AuditReport report, RayId ray) {
        Objects.requireNonNull(report, "report");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(CompletableFuture.completedFuture(report).thenApply(this::signed), 200, ray);
    }

    private AuditCheckpoint signed(AuditReport report) {
        try {
            return AuditCheckpoint.acknowledging(report, context.now(), context.keys.get());
        } catch (IllegalArgumentException tooMuch) {
            throw new Refusal(ServiceError.CONFLICT, String.valueOf(tooMuch.getMessage()));
        }
    }
}
