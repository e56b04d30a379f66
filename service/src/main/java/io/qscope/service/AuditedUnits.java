package io.qscope.service;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Commits what a service changes together with the entry that tells of it. Where the storage's answer was lost, the unit is made
 * anew of the same attempt and the same rows, so that it happens once: a unit with a guard is recognised by the storage; one
 * without is recognised here, by its entry in the audit log.
 */
final class AuditedUnits {

    private static final int MOST_TRIES = 4;
    private static final long FIRST_PAUSE_MILLIS = 20;

    private final Storage storage;

    AuditedUnits(Storage storage) {
        this.storage = storage;
    }

    /**
     * Commits a unit that has a guard.
     *
     * @param parts adds the parts to a unit; called again for each try, with the same rows
     */
    CompletableFuture<UnitOutcome> guarded(Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        return tryGuarded(attempt, parts, entry, ray, 1);
    }

    private CompletableFuture<UnitOutcome> tryGuarded(
            Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray, int tries) {
        return afterUnknown(
                commit(attempt, parts, entry, ray), tries, () -> tryGuarded(attempt, parts, entry, ray, tries + 1));
    }

    /**
     * Commits a unit without a guard.
     *
     * @param parts as for {@link #guarded}
     * @return what happened; without the outcomes of its transitions when the answer was lost and the unit found to be committed
     */
    CompletableFuture<UnitOutcome> unguarded(Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        return afterUnknown(commit(attempt, parts, entry, ray), 1, () -> repeat(attempt, parts, entry, ray, 2));
    }

    private CompletableFuture<UnitOutcome> repeat(
            Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray, int tries) {
        return storage.auditLog().getById(entry.id(), ray).thenCompose(found -> {
            if (found.isPresent()) {
                return committed();
            }
            CompletableFuture<UnitOutcome> again = commit(attempt, parts, entry, ray)
                    // The first try was still on its way when the log was read.
                    .exceptionallyCompose(thrown -> Refusal.cause(thrown) instanceof DuplicateRowException
                            ? isLogged(entry, ray).thenCompose(is -> is ? committed() : failed(thrown))
                            : failed(thrown));
            return afterUnknown(again, tries, () -> repeat(attempt, parts, entry, ray, tries + 1));
        });
    }

    private CompletableFuture<Boolean> isLogged(AuditLog entry, RayId ray) {
        return storage.auditLog().getById(entry.id(), ray).thenApply(found -> found.isPresent());
    }

    private CompletableFuture<UnitOutcome> commit(
            Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        UnitOfWork unit = storage.unitOfWork(attempt);
        parts.accept(unit);
        return unit.insert(entry).commit(ray);
    }

    /** What to do when nobody knows whether it happened; a moment later, since what broke the answer may last. */
    private static CompletableFuture<UnitOutcome> afterUnknown(
            CompletableFuture<UnitOutcome> call, int tries, Supplier<CompletableFuture<UnitOutcome>> next) {
        return call.exceptionallyCompose(thrown -> {
            boolean unknown = Refusal.cause(thrown) instanceof StorageUnavailableException unavailable
                    && unavailable.outcomeUnknown();
            if (!unknown || tries >= MOST_TRIES) {
                return failed(thrown);
            }
            Executor later = CompletableFuture.delayedExecutor(
                    FIRST_PAUSE_MILLIS << tries, TimeUnit.MILLISECONDS, Runnable::run);
            return CompletableFuture.<UnitOutcome>completedFuture(new UnitOutcome.Committed(List.of()))
                    .thenComposeAsync(go -> next.get(), later);
        });
    }

    private static CompletableFuture<UnitOutcome> committed() {
        return CompletableFuture.completedFuture(new UnitOutcome.Committed(List.of()));
    }

    private static <T> CompletableFuture<T> failed(Throwable thrown) {
        return CompletableFuture.failedFuture(Refusal.cause(thrown));
    }
}
