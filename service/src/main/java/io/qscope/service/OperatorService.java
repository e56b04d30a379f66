package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import io.qscope.store.Page;
import io.qscope.store.Purged;
import io.qscope.store.RevokeCount;
import io.qscope.store.Slice;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * For those in charge of the server: what is stored, and ending it. No client authenticates here, so whoever calls this must
 * have been authorized by the caller. {@code by} is who acts, in the caller's words, as rows and audit entries name him.
 *
 * <p>Of two revocations of one thing at once both may write their audit entry; afterwards nothing more is written.
 */
public final class OperatorService {

    private final ServiceContext context;
    private final PresentedTokens presented;
    private final Revocations revocations;
    private final Erasure erasure;

    OperatorService(ServiceContext context) {
        this.context = context;
        this.presented = new PresentedTokens(context);
        this.revocations = new Revocations(context);
        this.erasure = new Erasure(context);
    }

    /**
     * Finds what a value is that somebody has: an access token, a refresh token, an authorization code or a device code.
     *
     * @return the {@link AccessToken}, {@link RefreshToken}, {@link AuthorizationCode} or {@link DeviceCode} as stored, dead or
     *     alive; {@code NOT_FOUND}
     */
    public CompletableFuture<Result<Row>> inspect(String token, RayId ray) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(found(token, ray), 200, ray);
    }

    private CompletableFuture<Row> found(String token, RayId ray) {
        return presented
                .findAny(token, ray)
                .thenApply(found -> found.orElseThrow(() -> Refusal.notFound("there is no such token or code")));
    }

    /**
     * Revokes what a value is: an access token alone; a refresh token, an authorization code or a device code with its whole
     * family.
     *
     * <p>Repeat: a success, and nothing is written.
     *
     * @return nothing; {@code NOT_FOUND}, {@code INVALID} for a name in {@code by} that no row takes
     */
    public CompletableFuture<Result<Void>> revokeToken(String token, String by, RayId ray) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(found(token, ray).thenCompose(row -> revoke(row, by, ray)), 204, ray);
    }

    private CompletableFuture<@Nullable Void> revoke(Row row, String by, RayId ray) {
        Attempt attempt = context.attempt(by);
        if (row instanceof AccessToken token) {
            return token.revokedAt() != null ? nothing() : revocations.accessToken(token, attempt, ray);
        }
        if (row instanceof RefreshToken token) {
            return token.authorizationRevokedAt() != null ? nothing() : revocations.refreshToken(token, attempt, ray);
        }
        if (row instanceof AuthorizationCode code) {
            return family(code.authorizationId(), Map.of("code_id", code.id()), attempt, ray);
        }
        if (row instanceof DeviceCode code) {
            return family(code.authorizationId(), Map.of("device_code_id", code.id()), attempt, ray);
        }
        throw new IllegalStateException(
                "a presented value is no " + row.getClass().getSimpleName());
    }

    private static CompletableFuture<@Nullable Void> nothing() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Reads an authorization, the root of a family.
     *
     * @return the authorization, revoked or not; {@code NOT_FOUND}
     */
    public CompletableFuture<Result<Authorization>> authorization(String id, RayId ray) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(CompletableFuture.completedFuture(id).thenCompose(wanted -> root(wanted, ray)), 200, ray);
    }

    private CompletableFuture<Authorization> root(String id, RayId ray) {
        if (!ServiceContext.canBeKey(id)) {
            throw Refusal.notFound("there is no such authorization");
        }
        return context.storage
                .authorizations()
                .getById(id, ray)
                .thenApply(found -> found.orElseThrow(() -> Refusal.notFound("there is no such authorization")));
    }

    /**
     * Lists what a user has granted, revoked or not, ordered by id, which is by age.
     *
     * @return the page, empty when there is none; {@code INVALID} when it starts after what no page of this listing ended with
     */
    public CompletableFuture<Result<Slice<Authorization>>> authorizationsOfUser(String userId, Page page, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(userId).thenCompose(user -> {
                    ServiceContext.requireUserId(user, ray);
                    return Refusal.ofPage(context.storage.authorizations().listByUser(user, page, ray));
                }),
                200,
                ray);
    }

    /**
     * Lists what was granted to a client, revoked or not, ordered by id, which is by age.
     *
     * @return as {@link #authorizationsOfUser}; {@code NOT_FOUND} when there is no such client
     */
    public CompletableFuture<Result<Slice<Authorization>>> authorizationsOfClient(
            String clientIdentifier, Page page, RayId ray) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                context.client(clientIdentifier, ray)
                        .thenCompose(client ->
                                Refusal.ofPage(context.storage.authorizations().listByClient(client.id(), page, ray))),
                200,
                ray);
    }

    /**
     * Revokes a family by its root.
     *
     * <p>Repeat: a success, and nothing is written.
     *
     * @return nothing; {@code NOT_FOUND}, {@code INVALID} for a name in {@code by} that no row takes
     */
    public CompletableFuture<Result<Void>> revokeAuthorization(String id, String by, RayId ray) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(by)
                        .thenCompose(acting -> family(id, Map.of(), context.attempt(acting), ray)),
                204,
                ray);
    }

    private CompletableFuture<@Nullable Void> family(String id, Map<String, Object> told, Attempt attempt, RayId ray) {
        return root(id, ray).thenCompose(root -> {
            if (root.revokedAt() != null) {
                return nothing();
            }
            return revocations.authorization(root, told, attempt, ray);
        });
    }

    /**
     * Revokes everything that a user has granted to any client.
     *
     * <p>Repeat: counts of zero. Concurrency: what is granted while it runs may be left. The audit entry is written each time:
     * it tells that somebody ordered this, and cannot tell how much there was to revoke.
     *
     * @return how many rows were marked, and zeros where the storage's answer was lost and the revocation found to have
     *     happened; {@code INVALID}
     */
    public CompletableFuture<Result<RevokeCount>> revokeUser(String userId, String by, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(by).thenCompose(acting -> {
                    Attempt attempt = context.attempt(acting);
                    ServiceContext.requireUserId(userId, ray);
                    AuditLog entry = context.entry(AuditEvent.USER_REVOKED, null, null, userId, Map.of(), attempt, ray);
                    return counted(attempt, unit -> unit.revokeByUser(userId), entry, ray);
                }),
                200,
                ray);
    }

    /**
     * Revokes everything that was granted to a client, and its own access tokens. The client stays as it is: unless it is
     * disabled as well, it may be granted anew.
     *
     * <p>Repeat and concurrency: as {@link #revokeUser}.
     *
     * @return as {@link #revokeUser}; {@code NOT_FOUND}
     */
    public CompletableFuture<Result<RevokeCount>> revokeClient(String clientIdentifier, String by, RayId ray) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                context.client(clientIdentifier, ray).thenCompose(client -> revokeAllOf(client, by, ray)), 200, ray);
    }

    private CompletableFuture<RevokeCount> revokeAllOf(OAuthClient client, String by, RayId ray) {
        Attempt attempt = context.attempt(by);
        AuditLog entry =
                context.entry(AuditEvent.CLIENT_REVOKED, client.id(), client.id(), null, Map.of(), attempt, ray);
        return counted(attempt, unit -> unit.revokeByClient(client.id()), entry, ray);
    }

    /**
     * Erases a user: revokes what the user granted, then deletes the account of that username, if there is one, and after it the
     * user's authorizations with all their codes and tokens, and the user's consents. For a request to be forgotten; the audit log
     * keeps what happened and knows people by keyed digests only. Access tokens that name the user without an authorization, which
     * these services never issue, are revoked, and deleted by a purge once they have expired.
     *
     * <p>Each step deletes some rows together with an entry that says how many. Repeat: deletes what is left, so one that failed
     * half-way is repeated. Concurrency: what is granted while it runs may be left.
     *
     * @return how many accounts, authorizations and consents were deleted; {@code INVALID} for a name that no row takes; {@code
     *     CONFLICT} when there were very many, or the user is being granted faster than this deletes: to be repeated
     */
    public CompletableFuture<Result<Integer>> eraseUser(String userId, String by, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(by).thenCompose(acting -> {
                    Attempt attempt = context.attempt(acting);
                    ServiceContext.requireUserId(userId, ray);
                    AuditLog entry = context.entry(AuditEvent.USER_REVOKED, null, null, userId, Map.of(), attempt, ray);
                    return counted(attempt, unit -> unit.revokeByUser(userId), entry, ray)
                            .thenCompose(revoked -> erasure.ofUser(userId, acting, ray));
                }),
                200,
                ray);
    }

    /**
     * Deletes what is of no more use, in steps that hold up nobody for long; see {@link io.qscope.store.Storage#purge}. A purge is
     * many commits, and an entry in the audit log is written after each step that deleted something.
     *
     * @param before what ended before it is deleted; not in the future, since what is still live would be deleted then
     * @param progress told now and again how many rows have been deleted
     * @return how many rows of which kind were deleted; {@code INVALID} for a moment in the future, and for a name in {@code by}
     *     that no row takes
     */
    public CompletableFuture<Result<Purged>> purge(Instant before, String by, LongConsumer progress, RayId ray) {
        return purged(before, false, by, progress, ray);
    }

    /**
     * As {@link #purge}, of what is still live as well: what ends before a moment in the future is deleted now. Everybody may be
     * logged out by it, so whoever calls this must have meant it.
     */
    public CompletableFuture<Result<Purged>> purgeWhatIsLive(
            Instant before, String by, LongConsumer progress, RayId ray) {
        return purged(before, true, by, progress, ray);
    }

    private CompletableFuture<Result<Purged>> purged(
            Instant before, boolean live, String by, LongConsumer progress, RayId ray) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(by).thenCompose(acting -> {
                    if (!live) {
                        refuseFuture(before);
                    }
                    return erasure.expired(before, acting, progress, ray);
                }),
                200,
                ray);
    }

    private void refuseFuture(Instant before) {
        Instant now = context.now();
        // As exactly as rows hold the time: the present moment is not in the future by a fraction of a millisecond.
        if (before.truncatedTo(ChronoUnit.MILLIS).isAfter(now)) {
            throw Refusal.invalid("before is in the future (it is " + now
                    + " now): what is still live would be deleted; whoever means that says so");
        }
    }

    private CompletableFuture<RevokeCount> counted(
            Attempt attempt, Consumer<UnitOfWork> parts, AuditLog entry, RayId ray) {
        return context.units.unguarded(attempt, parts, entry, ray).thenApply(outcome -> {
            boolean told = outcome instanceof UnitOutcome.Committed committed
                    && !committed.outcomes().isEmpty();
            return told
                    ? (RevokeCount) ((UnitOutcome.Committed) outcome).outcomes().get(0)
                    : new RevokeCount(0, 0, 0);
        });
    }
}
