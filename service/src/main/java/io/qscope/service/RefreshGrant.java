package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.RotateOutcome;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.UnitOutcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A refresh token used for new tokens (RFC 6749 §6): rotated, or kept where the policy says so. */
final class RefreshGrant {

    /** Every stale try means that another refresh of the same token succeeded, so this is reached by an attack only. */
    private static final int MOST_STALE_TRIES = 200;

    private final ServiceContext context;
    private final Revocations revocations;

    RefreshGrant(ServiceContext context) {
        this.context = context;
        this.revocations = new Revocations(context);
    }

    CompletableFuture<IssuedTokens> refresh(OAuthClient client, String value, @Nullable Set<String> scopes, RayId ray) {
        boolean keeps =
                client.isConfidential() && context.policy.reusesRefreshTokens().test(client);
        return keeps ? reuse(client, value, scopes, ray, 1) : rotate(client, value, scopes, ray);
    }

    /** The token, if it is the client's, no replay, and good at that moment. */
    private CompletableFuture<RefreshToken> usable(OAuthClient client, String value, Instant now, RayId ray) {
        return context.find(context.tokens, value, context.storage.refreshTokens()::getByToken, ray)
                .thenCompose(found -> {
                    RefreshToken token = found.orElseThrow(() -> Refusal.invalidGrant("the refresh token is unknown"));
                    if (!token.clientId().equals(client.id())) {
                        throw Refusal.invalidGrant("the refresh token was issued to another client (RFC 6749 §5.2)");
                    }
                    if (token.rotatedAt() != null && !mayBeWithinGrace(token, now)) {
                        return replayed(client, token, ray);
                    }
                    if (token.revokedAt() != null || token.authorizationRevokedAt() != null || isExpired(token, now)) {
                        throw expiredOrRevoked();
                    }
                    return CompletableFuture.completedFuture(token);
                });
    }

    private static boolean isExpired(RefreshToken token, Instant now) {
        return token.expiresAt() != null && !now.isBefore(token.expiresAt());
    }

    private static Refusal expiredOrRevoked() {
        return Refusal.invalidGrant("the refresh token is expired or revoked");
    }

    /** What can be told without looking at its successors, which only the rotation itself can judge. */
    private boolean mayBeWithinGrace(RefreshToken token, Instant now) {
        Grace grace = context.policy.refreshGrace();
        return token.rotatedAt() != null
                && token.graceUses() < grace.maxUses()
                && !now.isAfter(token.rotatedAt().plus(grace.window()));
    }

    private CompletableFuture<IssuedTokens> rotate(
            OAuthClient client, String value, @Nullable Set<String> scopes, RayId ray) {
        Attempt attempt = context.attempt(client, context.now());
        return usable(client, value, attempt.at(), ray)
                .thenCompose(token -> rotate(client, token, scopes, attempt, ray));
    }

    private CompletableFuture<IssuedTokens> rotate(
            OAuthClient client, RefreshToken token, @Nullable Set<String> scopes, Attempt attempt, RayId ray) {
        if (token.rotatedAt() != null && scopes != null && !token.scopes().containsAll(scopes)) {
            // An honest client asks again for what it was given; this one tries out a token that was used before.
            return replayed(client, token, ray);
        }
        Minted minted = Minted.successors(
                context, client, token, Scopes.narrowed(Scopes.stillAllowed(client, token.scopes()), scopes), attempt);
        RefreshToken successor = Objects.requireNonNull(minted.refreshRow());
        return context.units
                .guarded(
                        attempt,
                        unit -> {
                            unit.rotate(token.token(), successor, context.policy.refreshGrace());
                            minted.insertAccessToken(unit);
                        },
                        refreshed(client, token, minted, attempt, ray),
                        ray)
                .thenCompose(outcome -> outcome instanceof UnitOutcome.Refused refused
                        ? refused(client, token, (RotateOutcome) refused.outcome(), attempt.at(), ray)
                        : CompletableFuture.completedFuture(minted.issued()));
    }

    private CompletableFuture<IssuedTokens> refused(
            OAuthClient client, RefreshToken token, RotateOutcome outcome, Instant now, RayId ray) {
        boolean revokedAfterUse = outcome instanceof RotateOutcome.Revoked revoked
                && revoked.row().rotatedAt() != null
                && !mayBeWithinGrace(revoked.row(), now);
        if (revokedAfterUse || outcome.kind() == RotateOutcome.Kind.ALREADY_ROTATED) {
            return replayed(client, token, ray);
        }
        throw expiredOrRevoked();
    }

    /**
     * Keeps the token. It is written all the same, as a compare-and-set: so a revocation that came in between is not overtaken,
     * and of two refreshes neither overlooks the other.
     */
    private CompletableFuture<IssuedTokens> reuse(
            OAuthClient client, String value, @Nullable Set<String> scopes, RayId ray, int tries) {
        Attempt attempt = context.attempt(client, context.now());
        return usable(client, value, attempt.at(), ray).thenCompose(token -> {
            if (token.rotatedAt() != null) {
                // Rotated before the policy was changed: within a grace or not, it has a successor.
                return this.<IssuedTokens>replayed(client, token, ray);
            }
            Minted minted = Minted.accessToken(
                    context,
                    client,
                    new Minted.Grant(token.userId(), token.authorizationId(), token.metadata()),
                    Scopes.narrowed(Scopes.stillAllowed(client, token.scopes()), scopes),
                    token.id(),
                    attempt);
            RefreshToken used = token.toBuilder()
                    .updatedAt(attempt.at())
                    .updatedBy(attempt.by())
                    .build();
            return context.units
                    .unguarded(
                            attempt,
                            unit -> minted.insertAccessToken(unit.update(used)),
                            refreshed(client, token, minted, attempt, ray),
                            ray)
                    .thenApply(done -> minted.issued(value))
                    .exceptionallyCompose(thrown -> reuseAgain(client, value, scopes, ray, tries, thrown));
        });
    }

    private CompletableFuture<IssuedTokens> reuseAgain(
            OAuthClient client, String value, @Nullable Set<String> scopes, RayId ray, int tries, Throwable thrown) {
        Throwable failure = Refusal.cause(thrown);
        if (failure instanceof RevokedAuthorizationException || failure instanceof RowNotFoundException) {
            return CompletableFuture.failedFuture(expiredOrRevoked());
        }
        if (!(failure instanceof StaleRowException)) {
            return CompletableFuture.failedFuture(failure);
        }
        return tries < MOST_STALE_TRIES
                ? reuse(client, value, scopes, ray, tries + 1)
                : CompletableFuture.failedFuture(new Refusal(
                        ServiceError.TEMPORARILY_UNAVAILABLE,
                        "the refresh token is used too often at once; try again"));
    }

    private AuditLog refreshed(OAuthClient client, RefreshToken token, Minted minted, Attempt attempt, RayId ray) {
        Map<String, Object> told = new LinkedHashMap<>(minted.told());
        told.put("presented_refresh_token_id", token.id());
        if (token.rotatedAt() != null) {
            told.put("within_grace", true);
        }
        return context.entry(
                AuditEvent.TOKEN_REFRESHED, token.authorizationId(), client.id(), token.userId(), told, attempt, ray);
    }

    private <T> CompletableFuture<T> replayed(OAuthClient client, RefreshToken token, RayId ray) {
        return revocations.replayed(
                AuditEvent.REFRESH_TOKEN_REPLAYED, client, token.userId(), token.authorizationId(), token.id(), ray);
    }
}
