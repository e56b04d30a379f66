package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The key ring's housekeeping. It changes no ring itself: where a ring is kept is the caller's affair. */
public final class KeyService {

    private final ServiceContext context;

    KeyService(ServiceContext context) {
        this.context = context;
    }

    /**
     * The ring without a key that is needed no more: every process writes with another one, and no live code or token was
     * digested by it. Entries of the audit log that it hashed can no longer be verified without it, and people's stand-ins in
     * them no longer be found; keep it readable for as long as they are to be. Nor does it look at what the key sealed, such as the
     * private parts of signing keys: seal those anew first, or they do not open any more.
     *
     * <p>It only answers: once the ring is in its place, {@link #recordRetirement} tells the audit log.
     *
     * <p>Repeat: {@code NOT_FOUND}. Concurrency: a process that still writes with the key may use it after it was asked; so
     * every process has another writing key first.
     *
     * @return the ring without it, to be given to every process; {@code NOT_FOUND} when the ring lacks the key, {@code
     *     CONFLICT} while it writes or live rows need it
     */
    public CompletableFuture<Result<KeyRing>> retire(String keyId, RayId ray) {
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                context.storage.keysInUse(context.now(), ray).thenApply(inUse -> without(keyId, inUse)), 200, ray);
    }

    private KeyRing without(String keyId, Set<String> inUse) {
        KeyRing ring = context.keys.get();
        if (ring.key(keyId).isEmpty()) {
            throw Refusal.notFound("the key ring has no key " + keyId);
        }
        if (ring.writing().id().equals(keyId)) {
            throw new Refusal(
                    ServiceError.CONFLICT,
                    "key " + keyId + " writes; put another one first, in every process, and try again");
        }
        if (inUse.contains(keyId)) {
            throw new Refusal(
                    ServiceError.CONFLICT,
                    "live codes or tokens were digested by key " + keyId
                            + "; keep it readable until they have expired or are revoked");
        }
        return ring.without(keyId);
    }

    /**
     * Tells the audit log that a key was taken out of the ring: {@link AuditEvent#KEY_RETIRED}.
     *
     * <p>Repeat: another entry.
     *
     * @param by who did it
     * @return nothing; {@code INVALID} for a name in {@code by} that no row takes
     */
    public CompletableFuture<Result<Void>> recordRetirement(String keyId, String by, RayId ray) {
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(by).thenCompose(acting -> recorded(keyId, acting, ray)), 204, ray);
    }

    private CompletableFuture<@Nullable Void> recorded(String keyId, String by, RayId ray) {
        Attempt attempt = context.attempt(by);
        AuditLog entry = context.entry(AuditEvent.KEY_RETIRED, keyId, null, null, Map.of(), attempt, ray);
        return context.units.unguarded(attempt, unit -> {}, entry, ray).thenApply(told -> null);
    }
}
