package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * A change of a stored client, made anew on what somebody else wrote meanwhile, so that nobody's write is lost. Where it changes
 * nothing, nothing is written.
 *
 * @param event what the audit log calls it
 * @param change what becomes of the client at that moment
 * @param told what the audit log tells of it: of the client before and after
 */
record ClientEdit(
        AuditEvent event,
        BiFunction<OAuthClient, Instant, OAuthClient> change,
        BiFunction<OAuthClient, OAuthClient, Map<String, Object>> told) {

    /** Each stale try means that another edit of the client succeeded. */
    private static final int MOST_TRIES = 50;

    /**
     * Reads the client, changes it, and writes it with its audit entry.
     *
     * @return the client as stored after it; fails with a {@link Refusal}
     */
    CompletableFuture<OAuthClient> make(ServiceContext context, String clientIdentifier, String by, RayId ray) {
        return make(context, clientIdentifier, by, ray, 1);
    }

    private CompletableFuture<OAuthClient> make(
            ServiceContext context, String clientIdentifier, String by, RayId ray, int tries) {
        return context.client(clientIdentifier, ray)
                .thenCompose(client -> write(context, client, by, ray))
                .exceptionallyCompose(thrown -> {
                    Throwable failure = Refusal.cause(thrown);
                    if (failure instanceof StaleRowException && tries < MOST_TRIES) {
                        return make(context, clientIdentifier, by, ray, tries + 1);
                    }
                    return CompletableFuture.failedFuture(refusal(failure));
                });
    }

    private static Throwable refusal(Throwable failure) {
        if (failure instanceof StaleRowException) {
            return new Refusal(ServiceError.CONFLICT, "the client is changed too often at once; try again");
        }
        if (failure instanceof RowNotFoundException) {
            return Refusal.notFound("the client was deleted meanwhile");
        }
        return failure;
    }

    private CompletableFuture<OAuthClient> write(ServiceContext context, OAuthClient client, String by, RayId ray) {
        Attempt attempt = context.attempt(by);
        OAuthClient changed = Refusal.unlessInvalid(() -> change.apply(client, attempt.at()));
        if (changed.equals(client)) {
            return CompletableFuture.completedFuture(client);
        }
        OAuthClient written = changed.toBuilder()
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.update(written),
                        context.entry(event, client.id(), client.id(), null, told.apply(client, written), attempt, ray),
                        ray)
                .thenApply(done ->
                        written.toBuilder().version(written.version() + 1).build());
    }
}
