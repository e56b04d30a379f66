package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Ends tokens and families, each time with an entry in the audit log. */
final class Revocations {

    private final ServiceContext context;

    Revocations(ServiceContext context) {
        this.context = context;
    }

    /** Revokes one access token. */
    CompletableFuture<@Nullable Void> accessToken(AccessToken token, Attempt attempt, RayId ray) {
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.revokeAccessToken(token.token()),
                        context.entry(
                                AuditEvent.ACCESS_TOKEN_REVOKED,
                                token.id(),
                                token.clientId(),
                                token.userId(),
                                Map.of(),
                                attempt,
                                ray),
                        ray)
                .thenApply(done -> null);
    }

    /** Revokes a refresh token with its family (RFC 7009 §2.1). */
    CompletableFuture<@Nullable Void> refreshToken(RefreshToken token, Attempt attempt, RayId ray) {
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.revokeRefreshToken(token.token()).revokeAuthorization(token.authorizationId()),
                        context.entry(
                                AuditEvent.REFRESH_TOKEN_REVOKED,
                                token.authorizationId(),
                                token.clientId(),
                                token.userId(),
                                Map.of("refresh_token_id", token.id()),
                                attempt,
                                ray),
                        ray)
                .thenApply(done -> null);
    }

    /** Revokes a family. */
    CompletableFuture<@Nullable Void> authorization(
            Authorization root, Map<String, Object> told, Attempt attempt, RayId ray) {
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.revokeAuthorization(root.id()),
                        context.entry(
                                AuditEvent.AUTHORIZATION_REVOKED,
                                root.id(),
                                root.clientId(),
                                root.userId(),
                                told,
                                attempt,
                                ray),
                        ray)
                .thenApply(done -> null);
    }

    /**
     * Revokes a family of which something was presented again, and says so in the audit log, each time anew: how often somebody
     * tries is evidence.
     *
     * @param userId whom it spoke for; none: nobody yet
     * @param rowId the code or token that was presented again
     * @return always fails with a {@link Refusal}, once the family is revoked
     */
    <T> CompletableFuture<T> replayed(
            AuditEvent event,
            OAuthClient client,
            @Nullable String userId,
            String authorizationId,
            String rowId,
            RayId ray) {
        Attempt attempt = context.attempt(client, context.now());
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.revokeAuthorization(authorizationId),
                        context.entry(
                                event, authorizationId, client.id(), userId, Map.of("row_id", rowId), attempt, ray),
                        ray)
                .thenCompose(done -> CompletableFuture.failedFuture(Refusal.invalidGrant(
                        "it was used before; everything that descends from the same authorization is revoked")));
    }
}
