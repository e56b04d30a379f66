package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The user's side of the device authorization grant (RFC 8628 §3.3): the page that a user code is typed into.
 *
 * <p>Each method takes a throttle key, whatever wrong user codes are to be counted by: the signed-in account, the address. A
 * presented code is counted first and given back when it was right, so that no number of parallel guesses slips past the limit
 * (RFC 8628 §5.1); beyond the limit a right code is refused too. The count is kept in the storage, as a keyed digest of the
 * throttle key, so all processes share it.
 */
public final class UserCodeService {

    private static final String WRONG = "the code is wrong or too old; check it, or have the device show a new one";

    /** Who acts, as rows and entries have it: the person is in the entry, as a stand-in. */
    private static final String BY = "user of a device";

    private final ServiceContext context;
    private final GuessLimit limit;

    UserCodeService(ServiceContext context) {
        this.context = context;
        this.limit = new GuessLimit(
                context,
                AuditEvent.USER_CODE_PRESENTED,
                BY,
                "codes",
                context.policy.userCodeTries(),
                context.policy.userCodeWindow(),
                true);
    }

    /**
     * Looks up what the user is asked to approve.
     *
     * @param userCode as typed; case and punctuation do not count (RFC 8628 §6.1)
     * @param throttleKey what wrong codes are counted by
     * @return who asks for what; {@code NOT_FOUND} for a code that is wrong, too old or decided; {@code TOO_MANY_ATTEMPTS}
     */
    public CompletableFuture<Result<DeviceRequest>> find(String userCode, String throttleKey, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                pending(userCode, throttleKey, ray)
                        .thenCompose(presented -> limit.giveBack(presented.throttle(), ray)
                                .thenCompose(done -> request(presented.row(), ray))),
                200,
                ray);
    }

    private CompletableFuture<DeviceRequest> request(DeviceCode row, RayId ray) {
        return context.storage.clients().getById(row.clientId(), ray).thenApply(found -> {
            OAuthClient client = found.filter(OAuthClient::isEnabled).orElseThrow(() -> Refusal.notFound(WRONG));
            return new DeviceRequest(client.clientIdentifier(), row.scopes(), row.expiresAt(), row.authorizationId());
        });
    }

    /**
     * The user agrees: the device code approved, the user set on it and on its family, and the audit entry, in one commit.
     *
     * <p>Concurrency: one of any number of approvals and denials wins.
     *
     * @param userCode as typed
     * @param userId who agrees
     * @param throttleKey what wrong codes are counted by
     * @return nothing; {@code NOT_FOUND}, {@code TOO_MANY_ATTEMPTS}
     */
    public CompletableFuture<Result<Void>> approve(String userCode, String userId, String throttleKey, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        return decide(AuditEvent.DEVICE_APPROVED, userCode, userId, throttleKey, ray);
    }

    /**
     * The user refuses: as {@link #approve}, and the device is told {@code access_denied}.
     *
     * @param userId who refuses; none when nobody is signed in
     */
    public CompletableFuture<Result<Void>> deny(
            String userCode, @Nullable String userId, String throttleKey, RayId ray) {
        return decide(AuditEvent.DEVICE_DENIED, userCode, userId, throttleKey, ray);
    }

    private CompletableFuture<Result<Void>> decide(
            AuditEvent event, String userCode, @Nullable String userId, String throttleKey, RayId ray) {
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                pending(userCode, throttleKey, ray).thenCompose(presented -> decide(event, presented, userId, ray)),
                200,
                ray);
    }

    private CompletableFuture<@Nullable Void> decide(
            AuditEvent event, Presented presented, @Nullable String userId, RayId ray) {
        if (userId != null) {
            ServiceContext.requireUserId(userId, ray);
        }
        DeviceCode row = presented.row();
        Attempt attempt = context.attempt(BY);
        return context.units
                .guarded(
                        attempt,
                        unit -> decision(event, unit, row.userCode(), userId).uncount(presented.throttle()),
                        context.entry(event, row.authorizationId(), row.clientId(), userId, Map.of(), attempt, ray),
                        ray)
                .thenApply(outcome -> {
                    if (outcome instanceof UnitOutcome.Refused refused) {
                        throw lost((DecisionOutcome) refused.outcome());
                    }
                    return null;
                });
    }

    private static UnitOfWork decision(
            AuditEvent event, UnitOfWork unit, TokenDigest userCode, @Nullable String userId) {
        return event == AuditEvent.DEVICE_APPROVED
                ? unit.approve(userCode, Objects.requireNonNull(userId))
                : unit.deny(userCode);
    }

    private static Refusal lost(DecisionOutcome outcome) {
        return outcome.kind() == DecisionOutcome.Kind.ALREADY_DECIDED
                ? new Refusal(ServiceError.CONFLICT, "the device was approved or refused already")
                : Refusal.notFound(WRONG);
    }

    /**
     * A code that was presented, was counted, and is right.
     *
     * @param throttle what it was counted under
     */
    private record Presented(DeviceCode row, TokenDigest throttle) {}

    /** Counts, then looks. */
    private CompletableFuture<Presented> pending(String userCode, String throttleKey, RayId ray) {
        Objects.requireNonNull(userCode, "userCode");
        Objects.requireNonNull(throttleKey, "throttleKey");
        return CompletableFuture.completedFuture(throttleKey).thenCompose(key -> {
            TokenDigest throttle = limit.digest(key);
            return limit.count(throttle, ray)
                    .thenCompose(within -> context.find(
                            context.userCodes,
                            UserCodes.normalized(userCode),
                            context.storage.deviceCodes()::getByUserCode,
                            ray))
                    .thenCompose(found -> pending(found, throttle, ray));
        });
    }

    /** A code that is right, if it is still to be decided; one that was decided already was right all the same. */
    private CompletableFuture<Presented> pending(Optional<DeviceCode> found, TokenDigest throttle, RayId ray) {
        DeviceCode row = found.filter(code ->
                        code.authorizationRevokedAt() == null && context.now().isBefore(code.expiresAt()))
                .orElseThrow(() -> Refusal.notFound(WRONG));
        if (row.state() == DeviceCodeState.PENDING) {
            return CompletableFuture.completedFuture(new Presented(row, throttle));
        }
        return limit.giveBack(throttle, ray)
                .thenCompose(done -> CompletableFuture.failedFuture(Refusal.notFound(WRONG)));
    }
}
