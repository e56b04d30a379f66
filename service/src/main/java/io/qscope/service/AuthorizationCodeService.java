package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.UnitOutcome;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The authorization code grant (RFC 6749 §4.1) with PKCE (RFC 7636). */
public final class AuthorizationCodeService {

    private final ServiceContext context;
    private final ClientAuthenticator authenticator;
    private final Revocations revocations;

    AuthorizationCodeService(ServiceContext context, ClientAuthenticator authenticator) {
        this.context = context;
        this.authenticator = authenticator;
        this.revocations = new Revocations(context);
    }

    /** A request that passed every check, and what it will be issued for. */
    private record Checked(
            OAuthClient client,
            String redirectUri,
            Set<String> scopes,
            @Nullable String challengeMethod) {}

    /**
     * Checks an authorization request without writing anything, before the user is asked.
     *
     * <p>Resolve the redirect URI first ({@link ClientService#resolveRedirectUri}): when that fails the answer is shown to the
     * user, since it cannot be sent anywhere; what fails here is sent to the client (RFC 6749 §4.1.2.1).
     *
     * @return where the response will go; {@code invalid_client}, {@code unauthorized_client}, {@code invalid_request}, {@code
     *     invalid_scope}
     */
    public CompletableFuture<Result<String>> check(CodeRequest request, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(checked(request, ray).thenApply(Checked::redirectUri), 200, ray);
    }

    /**
     * Issues a code: the root of a new family, the code and the audit entry, in one commit.
     *
     * <p>Repeat: another code of another family.
     *
     * @return the code, shown this once; refuses as {@link #check}, and with {@code INVALID} what no row takes (a blank user id,
     *     too large attributes)
     */
    public CompletableFuture<Result<IssuedCode>> issue(CodeRequest request, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(checked(request, ray).thenCompose(checked -> issue(request, checked, ray)), 201, ray);
    }

    private CompletableFuture<Checked> checked(CodeRequest request, RayId ray) {
        return authenticator.enabled(request.clientIdentifier(), ray).thenApply(client -> {
            String redirectUri = RedirectUris.resolve(client, request.redirectUri());
            if (!client.grantTypes().contains(GrantType.AUTHORIZATION_CODE.value())
                    || !client.config().responseTypes().contains("code")) {
                throw new Refusal(
                        ServiceError.UNAUTHORIZED_CLIENT, "the client may not use the authorization code grant");
            }
            String method = Pkce.method(client, request.codeChallenge(), request.codeChallengeMethod());
            return new Checked(client, redirectUri, Scopes.allowed(client, request.scopes()), method);
        });
    }

    private CompletableFuture<IssuedCode> issue(CodeRequest request, Checked checked, RayId ray) {
        OAuthClient client = checked.client();
        Attempt attempt = context.attempt(client, context.now());
        Authorization root = Refusal.unlessInvalid(() -> Authorization.builder()
                .id(RowIds.next())
                .clientId(client.id())
                .userId(request.userId())
                .scopes(checked.scopes())
                .attributes(request.attributes())
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build());
        String value = Secrets.next();
        AuthorizationCode code = Refusal.unlessInvalid(() -> AuthorizationCode.builder()
                .id(RowIds.next())
                .code(context.tokens.digest(value))
                .clientId(client.id())
                .userId(request.userId())
                .authorizationId(root.id())
                .redirectUri(request.redirectUri())
                .scopes(checked.scopes())
                .codeChallenge(request.codeChallenge())
                .codeChallengeMethod(checked.challengeMethod())
                .expiresAt(attempt.at().plus(client.config().authorizationCodeTtl()))
                .metadata(request.metadata())
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build());
        AuditLog entry = context.entry(
                AuditEvent.CODE_ISSUED,
                root.id(),
                client.id(),
                request.userId(),
                Map.of("code_id", code.id(), "scope", Scopes.told(checked.scopes())),
                attempt,
                ray);
        IssuedCode issued = new IssuedCode(
                value, checked.redirectUri(), client.config().authorizationCodeTtl(), checked.scopes(), root.id());
        return context.units
                .unguarded(attempt, unit -> unit.insert(root).insert(code), entry, ray)
                .thenApply(done -> issued);
    }

    /**
     * Redeems a code: the code consumed, the access token, the refresh token where the client may use one, the FIFO limits and
     * the audit entry, in one commit.
     *
     * <p>Repeat: a replay, which revokes the family and says so in the audit log (RFC 6749 §4.1.2, RFC 9700 §4.5). Concurrency:
     * of any number of redemptions of one code, in any number of processes, one succeeds at most.
     *
     * @return the tokens, shown this once; {@code invalid_client}, {@code unauthorized_client}, {@code invalid_grant}
     */
    public CompletableFuture<Result<IssuedTokens>> redeem(
            ClientCredentials credentials, CodeRedemption request, RayId ray) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator
                        .authenticated(credentials, GrantType.AUTHORIZATION_CODE, ray)
                        .thenCompose(client -> context.find(
                                        context.tokens,
                                        request.code(),
                                        context.storage.authorizationCodes()::getByCode,
                                        ray)
                                .thenCompose(found -> redeem(
                                        client,
                                        found.orElseThrow(() -> Refusal.invalidGrant("the code is unknown")),
                                        request,
                                        ray))),
                200,
                ray);
    }

    private CompletableFuture<IssuedTokens> redeem(
            OAuthClient client, AuthorizationCode code, CodeRedemption request, RayId ray) {
        if (!code.clientId().equals(client.id())) {
            throw Refusal.invalidGrant("the code was issued to another client (RFC 6749 §5.2)");
        }
        Attempt attempt = context.attempt(client, context.now());
        if (code.consumedAt() != null) {
            return replayed(client, code, ray);
        }
        if (!code.isLive(attempt.at())) {
            throw Refusal.invalidGrant("the code is expired or revoked");
        }
        if (!Objects.equals(code.redirectUri(), request.redirectUri())) {
            throw Refusal.invalidGrant("redirect_uri is not the one of the authorization request (RFC 6749 §4.1.3)");
        }
        Pkce.verify(code, request.codeVerifier());
        Minted minted = Minted.family(
                context,
                client,
                code.userId(),
                code.authorizationId(),
                Scopes.stillAllowed(client, code.scopes()),
                code.metadata(),
                attempt);
        AuditLog entry = context.entry(
                AuditEvent.CODE_REDEEMED,
                code.authorizationId(),
                client.id(),
                code.userId(),
                minted.told(),
                attempt,
                ray);
        return context.units
                .guarded(
                        attempt,
                        unit -> {
                            unit.consume(code.code());
                            minted.insertFamily(unit);
                        },
                        entry,
                        ray)
                .thenCompose(outcome -> outcome instanceof UnitOutcome.Refused refused
                        ? refused(client, code, (ConsumeOutcome<?>) refused.outcome(), ray)
                        : CompletableFuture.completedFuture(minted.issued()));
    }

    /**
     * Between the look and the leap somebody else was quicker, or it expired or was revoked. A code that was consumed and whose
     * family was revoked since is a replay too: the third of three sees what the second did.
     */
    private CompletableFuture<IssuedTokens> refused(
            OAuthClient client, AuthorizationCode code, ConsumeOutcome<?> outcome, RayId ray) {
        boolean revokedAfterUse = outcome instanceof ConsumeOutcome.Revoked<?> revoked
                && revoked.row() instanceof AuthorizationCode found
                && found.consumedAt() != null;
        if (revokedAfterUse || outcome.kind() == ConsumeOutcome.Kind.ALREADY_CONSUMED) {
            return replayed(client, code, ray);
        }
        throw Refusal.invalidGrant("the code is expired or revoked");
    }

    private CompletableFuture<IssuedTokens> replayed(OAuthClient client, AuthorizationCode code, RayId ray) {
        return revocations.replayed(
                AuditEvent.CODE_REPLAYED, client, code.userId(), code.authorizationId(), code.id(), ray);
    }
}
