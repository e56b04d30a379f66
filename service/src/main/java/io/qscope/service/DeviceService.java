package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.PollOutcome;
import io.qscope.store.TableName;
import io.qscope.store.UnitOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The device's side of the device authorization grant (RFC 8628): asking for codes, and polling with them. */
public final class DeviceService {

    private static final int MOST_USER_CODES = 10;

    private final ServiceContext context;
    private final ClientAuthenticator authenticator;
    private final Revocations revocations;
    private final Supplier<String> nextUserCode;

    DeviceService(ServiceContext context, ClientAuthenticator authenticator) {
        this(context, authenticator, UserCodes::next);
    }

    /** With user codes of a test's choice. */
    DeviceService(ServiceContext context, ClientAuthenticator authenticator, Supplier<String> nextUserCode) {
        this.context = context;
        this.nextUserCode = nextUserCode;
        this.authenticator = authenticator;
        this.revocations = new Revocations(context);
    }

    /**
     * Issues a device code and a user code (RFC 8628 §3.2): the root of a new family, the codes and the audit entry, in one
     * commit. The user code is unlike any other that there is, by whichever readable key that one was digested.
     *
     * <p>Repeat: other codes of another family.
     *
     * @param scopes what is asked for; none or empty: all that the client may have
     * @return the codes, shown this once; {@code invalid_client}, {@code unauthorized_client}, {@code invalid_scope}
     */
    public CompletableFuture<Result<DeviceAuthorization>> authorize(
            ClientCredentials credentials, @Nullable Set<String> scopes, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator
                        .authenticated(credentials, GrantType.DEVICE_CODE, ray)
                        .thenCompose(client -> issue(client, Scopes.allowed(client, scopes), ray, 1)),
                200,
                ray);
    }

    private CompletableFuture<DeviceAuthorization> issue(OAuthClient client, Set<String> scopes, RayId ray, int tries) {
        Duration ttl = client.config().deviceCodeTtl();
        if (ttl == null) {
            throw new Refusal(ServiceError.UNAUTHORIZED_CLIENT, "the client has no lifetime for device codes");
        }
        Duration own = client.config().devicePollInterval();
        Duration interval = own == null ? context.policy.devicePollInterval() : own;
        Attempt attempt = context.attempt(client, context.now());
        Authorization root = Authorization.builder()
                .id(RowIds.next())
                .clientId(client.id())
                .scopes(scopes)
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build();
        String value = Secrets.next();
        String userCode = nextUserCode.get();
        DeviceCode code = DeviceCode.builder()
                .id(RowIds.next())
                .deviceCode(context.tokens.digest(value))
                .userCode(context.userCodes.digest(userCode))
                .clientId(client.id())
                .authorizationId(root.id())
                .scopes(scopes)
                .expiresAt(attempt.at().plus(ttl))
                .interval(interval)
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build();
        AuditLog entry = context.entry(
                AuditEvent.DEVICE_CODE_ISSUED,
                root.id(),
                client.id(),
                null,
                Map.of("device_code_id", code.id(), "scope", Scopes.told(scopes)),
                attempt,
                ray);
        DeviceAuthorization issued =
                new DeviceAuthorization(value, UserCodes.shown(userCode), ttl, interval, root.id());
        return context.units
                .unguarded(attempt, unit -> unit.insert(root).insert(code), entry, ray)
                .thenCompose(done -> isUnique(code, userCode, ray))
                .thenCompose(unique -> unique
                        ? CompletableFuture.completedFuture(issued)
                        : withdraw(client, root, ray).thenCompose(done -> again(client, scopes, ray, tries)))
                .exceptionallyCompose(thrown -> isTaken(thrown)
                        ? again(client, scopes, ray, tries)
                        : CompletableFuture.failedFuture(Refusal.cause(thrown)));
    }

    private CompletableFuture<DeviceAuthorization> again(OAuthClient client, Set<String> scopes, RayId ray, int tries) {
        return tries < MOST_USER_CODES
                ? issue(client, scopes, ray, tries + 1)
                : CompletableFuture.failedFuture(new Refusal(
                        ServiceError.TEMPORARILY_UNAVAILABLE, "no user code is free at the moment; try again later"));
    }

    private static boolean isTaken(Throwable thrown) {
        return Refusal.cause(thrown) instanceof DuplicateRowException duplicate
                && duplicate.key().equals("userCode");
    }

    /**
     * Whether nobody holds the same user code under another key, which the table cannot see. Asked when the row stands: of two
     * that come at once, by different keys, one sees the other at least.
     */
    private CompletableFuture<Boolean> isUnique(DeviceCode row, String userCode, RayId ray) {
        CompletableFuture<Boolean> unique = CompletableFuture.completedFuture(true);
        for (var candidate : context.userCodes.candidates(userCode)) {
            if (!candidate.sameBytes(row.userCode())) {
                unique = unique.thenCombine(
                        context.storage.deviceCodes().getByUserCode(candidate, ray),
                        (soFar, other) -> soFar && other.isEmpty());
            }
        }
        return unique;
    }

    /** Takes back codes that nobody was given. */
    private CompletableFuture<UnitOutcome> withdraw(OAuthClient client, Authorization root, RayId ray) {
        Attempt attempt = context.attempt(client, context.now());
        AuditLog entry =
                context.entry(AuditEvent.DEVICE_CODE_WITHDRAWN, root.id(), client.id(), null, Map.of(), attempt, ray);
        return context.units.unguarded(
                attempt, unit -> unit.deleteById(TableName.AUTHORIZATIONS, root.id()), entry, ray);
    }

    /**
     * Polls with a device code (RFC 8628 §3.4) and redeems it once the user has approved: the code consumed, the access token,
     * the refresh token where the client may use one, the FIFO limits and the audit entry, in one commit. That a poll came, and
     * whether too soon, is written beside the code and not told in the audit log.
     *
     * <p>Repeat: of a redeemed code a replay, which revokes the family and says so in the audit log. Concurrency: of any number
     * of polls with one code, in any number of processes, one is given tokens at most.
     *
     * @return the tokens, shown this once; {@code authorization_pending}, {@code slow_down}, {@code access_denied}, {@code
     *     expired_token} (RFC 8628 §3.5), {@code invalid_client}, {@code unauthorized_client}, {@code invalid_grant}
     */
    public CompletableFuture<Result<IssuedTokens>> redeem(ClientCredentials credentials, String deviceCode, RayId ray) {
        Objects.requireNonNull(deviceCode, "deviceCode");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator
                        .authenticated(credentials, GrantType.DEVICE_CODE, ray)
                        .thenCompose(client -> context.find(
                                        context.tokens, deviceCode, context.storage.deviceCodes()::getByDeviceCode, ray)
                                .thenCompose(found -> redeem(
                                        client,
                                        found.orElseThrow(() -> Refusal.invalidGrant("the device code is unknown")),
                                        ray))),
                200,
                ray);
    }

    private CompletableFuture<IssuedTokens> redeem(OAuthClient client, DeviceCode code, RayId ray) {
        if (!code.clientId().equals(client.id())) {
            throw Refusal.invalidGrant("the device code was issued to another client (RFC 6749 §5.2)");
        }
        if (code.state() == DeviceCodeState.CONSUMED) {
            return replayed(client, code, ray);
        }
        Attempt attempt = context.attempt(client, context.now());
        return context.lostAnswer
                .repeated(() -> context.storage.deviceCodes().poll(code.deviceCode(), attempt, ray), ray)
                .thenCompose(outcome -> polled(client, code, outcome, ray));
    }

    private CompletableFuture<IssuedTokens> polled(
            OAuthClient client, DeviceCode code, PollOutcome outcome, RayId ray) {
        return switch (outcome.kind()) {
            case APPROVED -> consume(client, ((PollOutcome.Approved) outcome).row(), ray);
            case ALREADY_CONSUMED -> replayed(client, code, ray);
            case PENDING ->
                throw new Refusal(ServiceError.AUTHORIZATION_PENDING, "the user has not decided yet; poll again");
            case SLOW_DOWN ->
                throw new Refusal(
                        ServiceError.SLOW_DOWN,
                        "polled too soon; wait "
                                + ((PollOutcome.SlowDown) outcome).newInterval().toSeconds()
                                + " seconds between two polls (RFC 8628 §3.5)");
            case DENIED -> throw new Refusal(ServiceError.ACCESS_DENIED, "the user refused");
            case EXPIRED -> throw new Refusal(ServiceError.EXPIRED_TOKEN, "the device code is too old; start over");
            case REVOKED -> {
                if (((PollOutcome.Revoked) outcome).row().state() == DeviceCodeState.CONSUMED) {
                    yield replayed(client, code, ray);
                }
                throw Refusal.invalidGrant("the device code is revoked");
            }
            case UNKNOWN -> throw Refusal.invalidGrant("the device code is gone");
        };
    }

    private CompletableFuture<IssuedTokens> consume(OAuthClient client, DeviceCode code, RayId ray) {
        Attempt attempt = context.attempt(client, context.now());
        Minted minted = Minted.family(
                context,
                client,
                Objects.requireNonNull(code.userId()),
                code.authorizationId(),
                Scopes.stillAllowed(client, code.scopes()),
                Map.of(),
                attempt);
        AuditLog entry = context.entry(
                AuditEvent.DEVICE_CODE_REDEEMED,
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
                            unit.consumeDeviceCode(code.deviceCode());
                            minted.insertFamily(unit);
                        },
                        entry,
                        ray)
                .thenCompose(outcome -> outcome instanceof UnitOutcome.Refused refused
                        ? refused(client, code, (ConsumeOutcome<?>) refused.outcome(), ray)
                        : CompletableFuture.completedFuture(minted.issued()));
    }

    private CompletableFuture<IssuedTokens> refused(
            OAuthClient client, DeviceCode code, ConsumeOutcome<?> outcome, RayId ray) {
        boolean revokedAfterUse = outcome instanceof ConsumeOutcome.Revoked<?> revoked
                && revoked.row() instanceof DeviceCode found
                && found.state() == DeviceCodeState.CONSUMED;
        if (revokedAfterUse || outcome.kind() == ConsumeOutcome.Kind.ALREADY_CONSUMED) {
            return replayed(client, code, ray);
        }
        throw outcome.kind() == ConsumeOutcome.Kind.EXPIRED
                ? new Refusal(ServiceError.EXPIRED_TOKEN, "the device code is too old; start over")
                : Refusal.invalidGrant("the device code is revoked or gone");
    }

    private CompletableFuture<IssuedTokens> replayed(OAuthClient client, DeviceCode code, RayId ray) {
        return revocations.replayed(
                AuditEvent.DEVICE_CODE_REPLAYED, client, code.userId(), code.authorizationId(), code.id(), ray);
    }
}
