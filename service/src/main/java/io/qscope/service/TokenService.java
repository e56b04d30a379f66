package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Client credentials, refreshing, introspection and revocation. */
public final class TokenService {

    private final ServiceContext context;
    private final ClientAuthenticator authenticator;
    private final RefreshGrant refreshGrant;
    private final PresentedTokens presented;
    private final Revocations revocations;

    TokenService(ServiceContext context, ClientAuthenticator authenticator) {
        this.context = context;
        this.authenticator = authenticator;
        this.refreshGrant = new RefreshGrant(context);
        this.presented = new PresentedTokens(context);
        this.revocations = new Revocations(context);
    }

    /**
     * The client credentials grant (RFC 6749 §4.4), for confidential clients: an access token that stands alone, the FIFO limit
     * and the audit entry, in one commit. There is no refresh token (§4.4.3).
     *
     * <p>Repeat: another token.
     *
     * @param scopes what is asked for; none or empty: all that the client may have
     * @param metadata kept with the token (audience, resource, …); never a secret
     * @return the token, shown this once; {@code invalid_client}, {@code unauthorized_client}, {@code invalid_scope}
     */
    public CompletableFuture<Result<IssuedTokens>> clientCredentials(
            ClientCredentials credentials, @Nullable Set<String> scopes, Map<String, Object> metadata, RayId ray) {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator
                        .authenticated(credentials, GrantType.CLIENT_CREDENTIALS, ray)
                        .thenCompose(client -> issueToClient(client, scopes, metadata, ray)),
                200,
                ray);
    }

    private CompletableFuture<IssuedTokens> issueToClient(
            OAuthClient client, @Nullable Set<String> scopes, Map<String, Object> metadata, RayId ray) {
        if (!client.isConfidential()) {
            throw new Refusal(
                    ServiceError.UNAUTHORIZED_CLIENT,
                    "a public client may not use the client credentials grant (RFC 6749 §4.4)");
        }
        Attempt attempt = context.attempt(client, context.now());
        Minted minted = Minted.accessToken(
                context, client, new Minted.Grant(null, null, metadata), Scopes.allowed(client, scopes), null, attempt);
        AuditLog entry = context.entry(
                AuditEvent.CLIENT_TOKEN_ISSUED,
                minted.accessRow().id(),
                client.id(),
                null,
                minted.told(),
                attempt,
                ray);
        return context.units
                .unguarded(attempt, minted::insertAccessToken, entry, ray)
                .thenApply(done -> minted.issued());
    }

    /**
     * Refreshes (RFC 6749 §6): the refresh token rotated, its successor, the access token, the FIFO limits and the audit entry,
     * in one commit. Where the policy lets the client keep its refresh token, that one is returned again.
     *
     * <p>Repeat: a rotated token is a replay, which revokes the family and says so in the audit log (RFC 9700 §4.14.2), except
     * within the policy's grace. Concurrency: without a grace at most one of any number of refreshes with one token succeeds, in
     * any number of processes.
     *
     * @param scopes what the access token is for, at most what was granted; none or empty: all of it. The refresh token keeps all
     * @return the tokens, shown this once; {@code invalid_client}, {@code unauthorized_client}, {@code invalid_grant}, {@code
     *     invalid_scope}
     */
    public CompletableFuture<Result<IssuedTokens>> refresh(
            ClientCredentials credentials, String refreshToken, @Nullable Set<String> scopes, RayId ray) {
        Objects.requireNonNull(refreshToken, "refreshToken");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator
                        .authenticated(credentials, GrantType.REFRESH_TOKEN, ray)
                        .thenCompose(client -> refreshGrant.refresh(client, refreshToken, scopes, ray)),
                200,
                ray);
    }

    /**
     * Introspects an access or refresh token (RFC 7662), for confidential clients that the policy allows it.
     *
     * <p>Nothing is changed. An unknown, expired, revoked or rotated token, one of a disabled client, and one that the caller may
     * not ask about are all {@code active: false} alike (§2.2).
     *
     * @param hint the {@code token_type_hint}; only says where to look first
     * @return what it is; {@code invalid_client}
     */
    public CompletableFuture<Result<Introspection>> introspect(
            ClientCredentials credentials, String token, @Nullable String hint, RayId ray) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator.authenticated(credentials, ray).thenCompose(caller -> {
                    if (!caller.isConfidential()) {
                        throw new Refusal(
                                ServiceError.INVALID_CLIENT, "introspection is for confidential clients (RFC 7662 §4)");
                    }
                    return presented
                            .find(token, hint, ray)
                            .thenCompose(found -> introspect(caller, found, context.now(), ray));
                }),
                200,
                ray);
    }

    private CompletableFuture<Introspection> introspect(
            OAuthClient caller, Optional<Row> found, Instant now, RayId ray) {
        if (found.orElse(null) instanceof AccessToken token
                && token.isLive(now)
                && context.policy.mayIntrospect().test(caller, token)) {
            return ofClient(
                    token.clientId(),
                    ray,
                    owner -> Introspection.of(
                            token.metadata(),
                            token.scopes(),
                            owner,
                            token.userId(),
                            IssuedTokens.TOKEN_TYPE,
                            token.createdAt(),
                            token.expiresAt(),
                            token.id(),
                            context.policy.issuer()));
        }
        // A refresh token is nobody's business but the client's own and the server's.
        if (found.orElse(null) instanceof RefreshToken token
                && token.isLive(now)
                && token.clientId().equals(caller.id())) {
            return ofClient(
                    token.clientId(),
                    ray,
                    owner -> Introspection.of(
                            token.metadata(),
                            token.scopes(),
                            owner,
                            token.userId(),
                            null,
                            token.createdAt(),
                            token.expiresAt(),
                            token.id(),
                            context.policy.issuer()));
        }
        return CompletableFuture.completedFuture(Introspection.INACTIVE);
    }

    /** A token is good only while its client is enabled. */
    private CompletableFuture<Introspection> ofClient(
            String clientId, RayId ray, Function<String, Introspection> active) {
        return context.storage
                .clients()
                .getById(clientId, ray)
                .thenApply(client -> client.filter(OAuthClient::isEnabled)
                        .map(enabled -> active.apply(enabled.clientIdentifier()))
                        .orElse(Introspection.INACTIVE));
    }

    /**
     * Revokes a token of the client's (RFC 7009): an access token alone, a refresh token with its whole family (§2.1).
     *
     * <p>An unknown token is a success (§2.2), and so is one that was revoked before: no entry is written then.
     *
     * @param hint the {@code token_type_hint}; only says where to look first
     * @return nothing; {@code invalid_client}; {@code invalid_grant} for another client's token, which stays as it is
     */
    public CompletableFuture<Result<Void>> revoke(
            ClientCredentials credentials, String token, @Nullable String hint, RayId ray) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator
                        .authenticated(credentials, ray)
                        .thenCompose(client ->
                                presented.find(token, hint, ray).thenCompose(found -> revoke(client, found, ray))),
                200,
                ray);
    }

    private CompletableFuture<@Nullable Void> revoke(OAuthClient client, Optional<Row> found, RayId ray) {
        Attempt attempt = context.attempt(client, context.now());
        if (found.orElse(null) instanceof AccessToken token) {
            requireOwn(client, token.clientId());
            return token.revokedAt() != null
                    ? CompletableFuture.completedFuture(null)
                    : revocations.accessToken(token, attempt, ray);
        }
        if (found.orElse(null) instanceof RefreshToken token) {
            requireOwn(client, token.clientId());
            return token.authorizationRevokedAt() != null
                    ? CompletableFuture.completedFuture(null)
                    : revocations.refreshToken(token, attempt, ray);
        }
        return CompletableFuture.completedFuture(null);
    }

    private static void requireOwn(OAuthClient client, String owner) {
        if (!client.id().equals(owner)) {
            throw Refusal.invalidGrant("the token was issued to another client (RFC 7009 §2.1)");
        }
    }
}
