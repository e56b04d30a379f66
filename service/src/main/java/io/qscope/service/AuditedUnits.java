package io.qscope.service;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Commits what a service changes together with the entry that tells of it. Where the storage's answer was lost, the unit is made
 * anew of the same attempt and the same rows, so that it happens once: a unit with a guard is recognised by the storage; one
 * without is recognised here, by its entry in the audit log.
 */
final class AuditedUnits {

    private final Storage storage;
    private final LostAnswer lostAnswer;

    AuditedUnits(Storage storage, LostAnswer lostAnswer) {
        this.storage = storage;
        this.lostAnswer = lostAnswer;
    }

    /**
     * Commits a unit that has a guard.
     *
     * @param parts adds the parts to a unit; called again for each try, with the same rows
     */
    CompletableFuture<UnitOutcome> guarded(Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        return lostAnswer.repeated(() -> commit(attempt, parts, entry, ray), ray);
    }

    /**
     * Commits a unit without a guard.
     *
     * @param parts as for {@link #guarded}
     * @return what happened; without the outcomes of its transitions when the answer was lost and the unit found to be committed
     */
    CompletableFuture<UnitOutcome> unguarded(Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        return lostAnswer.resolved(
                commit(attempt, parts, entry, ray), () -> unlessLogged(attempt, parts, entry, ray), ray);
    }

    private CompletableFuture<UnitOutcome> unlessLogged(
            Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        return isLogged(entry, ray)
                .thenCompose(already -> already
                        ? committed()
                        : commit(attempt, parts, entry, ray)
                                // What stands in its way may be the first try, which was still under way when the log
                                // was read.
                                .exceptionallyCompose(thrown -> Refusal.cause(thrown)
                                                instanceof StorageUnavailableException
                                        ? failed(thrown)
                                        : isLogged(entry, ray).thenCompose(is -> is ? committed() : failed(thrown))));
    }

    private CompletableFuture<Boolean> isLogged(AuditLog entry, RayId ray) {
        return storage.auditLog().getById(entry.id(), ray).thenApply(found -> found.isPresent());
    }

    private CompletableFuture<UnitOutcome> commit(
            Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        UnitOfWork unit = storage.unitOfWork(attempt);
        parts.accept(unit);
        return unit.insert(entry).commit(ray).exceptionallyCompose(thrown -> failed(inWords(Refusal.cause(thrown))));
    }

    /** A client or a family that was there a moment ago was deleted meanwhile. */
    private static Throwable inWords(Throwable failure) {
        if (!(failure instanceof MissingReferenceException missing)) {
            return failure;
        }
        return missing.field().equals("clientId")
                ? new Refusal(ServiceError.INVALID_CLIENT, "the client was deleted")
                : Refusal.invalidGrant("what was granted was deleted");
    }

    private static CompletableFuture<UnitOutcome> committed() {
        return CompletableFuture.completedFuture(new UnitOutcome.Committed(List.of()));
    }

    private static <T> CompletableFuture<T> failed(Throwable thrown) {
        return CompletableFuture.failedFuture(Refusal.cause(thrown));
    }
}
