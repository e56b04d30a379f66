package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.Grace;
import io.qscope.store.PollOutcome;
import io.qscope.store.RevokeCount;
import io.qscope.store.RotateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Engines with a broken transition. */
final class SabotagedTransitions {

    private SabotagedTransitions() {}

    @Caught(
            by = "RacesOnOneStorage.codeIsConsumedOnce",
            with = {
                "Listening.winnersAndLosersAreToldApart",
                "RacesOnOneStorage.codeIsConsumedByOneAttemptWhateverIsRepeated",
                // Who cancels between the get and the set, undoes the call.
                "Callbacks.cancellingAFutureDoesNotUndoItsCall"
            })
    static class ConsumeIsGetThenSet extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizationCodes.consume")) {
                return call.future();
            }
            Attempt attempt = call.argument(Attempt.class);
            return call.honest()
                    .authorizationCodes()
                    .getByCode(call.argument(TokenDigest.class), call.argument(RayId.class))
                    .thenCompose(read -> call.<ConsumeOutcome<AuthorizationCode>>future()
                            .thenApply(outcome ->
                                    outcome instanceof ConsumeOutcome.AlreadyConsumed<AuthorizationCode> late
                                                    && read.filter(row -> row.isLive(attempt.at()))
                                                            .isPresent()
                                            ? new ConsumeOutcome.Consumed<>(late.row())
                                            : outcome));
        }
    }

    @Caught(by = "DeviceCodes.aPendingOrDeniedCodeIsNotApproved")
    static class DeviceCodeNeedsNoApproval extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("deviceCodes.consume")) {
                return call.future();
            }
            RayId ray = call.argument(RayId.class);
            return call.<ConsumeOutcome<DeviceCode>>future()
                    .thenCompose(outcome -> outcome instanceof ConsumeOutcome.NotApproved<DeviceCode> refused
                                    && refused.row().state() == DeviceCodeState.PENDING
                            ? call.honest()
                                    .deviceCodes()
                                    .approve(
                                            refused.row().userCode(), "sabotage", Attempt.of(Rows.NOW, "sabotage"), ray)
                                    .thenCompose(approved -> call.<ConsumeOutcome<DeviceCode>>future())
                            : CompletableFuture.completedFuture(outcome));
        }
    }

    @Caught(
            by = "AuthorizationCodes.repeatingTheWinningAttemptWinsAgainAndWritesNothing",
            with = {
                "AuthorizationCodes.aRepeatIsRecognisedAfterExpiryUpdateAndRevocation",
                "DeviceCodes.repeatingTheWinningConsumptionWinsAgainAlsoLater",
                "RefreshTokens.aRepeatIsRecognisedAfterExpiryUpdateRotationAndRevocation",
                "RefreshTokens.aRepeatWithAnotherSuccessorIsRefusedAndStoresNothing",
                "RefreshTokens.repeatingTheWinningAttemptWinsAgainAndWritesNothing",
                "RotationGrace.eachAttemptsRepeatIsRecognisedAmongSiblings",
                "RotationGrace.repeatingAGraceUseIsAnsweredAgainAndCountsOnce",
                "RacesOnOneStorage.codeIsConsumedByOneAttemptWhateverIsRepeated",
                "RacesOnOneStorage.tokenIsRotatedByOneAttemptWhateverIsRepeated"
            })
    static class AttemptIdIsLost extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizationCodes.consume", "refreshTokens.rotate", "deviceCodes.consume")) {
                return call.future();
            }
            Attempt attempt = call.argument(Attempt.class);
            return call.with(attempt, Attempt.of(attempt.at(), attempt.by())).future();
        }
    }

    @Caught(by = "RacesOnOneStorage.revokedFamilyIsNotRotated")
    static class RevocationMissesRotationInFlight extends SabotagedEngine {

        private final Map<String, Queue<String>> families = new ConcurrentHashMap<>();
        private final Set<String> missed = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("refreshTokens.rotate")) {
                return call.<RotateOutcome>future().thenApply(outcome -> {
                    if (outcome.won()) {
                        RefreshToken successor = call.argument(RefreshToken.class);
                        family(successor.authorizationId()).add(successor.id());
                    }
                    return outcome;
                });
            }
            if (call.is("authorizations.revoke")) {
                String root = call.argument(String.class);
                List<String> seen = List.copyOf(family(root));
                return call.honest()
                        .health(call.argument(RayId.class))
                        .thenCompose(later -> call.<Object>future().thenApply(outcome -> {
                            family(root).stream()
                                    .filter(id -> !seen.contains(id))
                                    .forEach(missed::add);
                            return outcome;
                        }));
            }
            return call.is("refreshTokens.getById", "refreshTokens.getByToken")
                    ? call.<Optional<RefreshToken>>future().thenApply(row -> row.map(this::unmarked))
                    : call.future();
        }

        private Queue<String> family(String root) {
            return families.computeIfAbsent(root, id -> new ConcurrentLinkedQueue<>());
        }

        private RefreshToken unmarked(RefreshToken row) {
            return missed.contains(row.id())
                    ? row.toBuilder().authorizationRevokedAt(null).build()
                    : row;
        }
    }

    @Caught(
            by = "Families.anUpdateOfARevokedRootLeavesItRevoked",
            with = {"RacesOnOneStorage.revokedFamilyIsNotRevivedByAnUpdate"})
    static class UpdateRevivesFamily extends SabotagedEngine {

        private final Set<String> revived = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("authorizations.update")) {
                return call.<Void>future()
                        .thenRun(() ->
                                revived.add(call.argument(Authorization.class).id()));
            }
            return call.is("authorizations.getById")
                    ? call.<Optional<Authorization>>future()
                            .thenApply(row -> row.map(found -> revived.contains(found.id())
                                    ? found.toBuilder().revokedAt(null).build()
                                    : found))
                    : call.future();
        }
    }

    @Caught(
            by = "RotationGrace.theGraceHasSoManyUses",
            with = {"RacesOnOneStorage.graceKeepsItsBound"})
    static class GraceWithoutBound extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("refreshTokens.rotate")) {
                return call.future();
            }
            Grace grace = call.argument(Grace.class);
            return grace.maxUses() == 0
                    ? call.future()
                    : call.with(grace, new Grace(grace.window(), 100)).future();
        }
    }

    @Caught(
            by = "RefreshTokens.aSecondRotationIsAReplayAndStoresNoSuccessor",
            with = {
                "RotationGrace.theMillisecondAfterTheWindowIsBeyond",
                "RacesOnOneStorage.graceEndsWhenASuccessorIsRotated",
                "RacesOnOneStorage.graceKeepsItsBound",
                "RacesOnOneStorage.tokenIsRotatedByOneAttemptWhateverIsRepeated",
                "RacesOnOneStorage.tokenIsRotatedOnce"
            })
    static class RefusedRotationLeavesItsSuccessor extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("refreshTokens.rotate")) {
                return call.future();
            }
            return call.<RotateOutcome>future()
                    .thenCompose(outcome -> outcome.kind() == RotateOutcome.Kind.ALREADY_ROTATED
                            ? call.honest()
                                    .refreshTokens()
                                    .insert(call.argument(RefreshToken.class), call.argument(RayId.class))
                                    .handle((done, error) -> outcome)
                            : CompletableFuture.completedFuture(outcome));
        }
    }

    @Caught(
            by = "Polling.aPollTooSoonIsSlowedDownByFiveSecondsForGood",
            with = {
                "Polling.anUpdateDoesNotForgetTheLastPoll",
                "Polling.repeatingTheLastPollIsAnsweredAgainAndCountsOnce",
                "Polling.theLongerIntervalCountsFromThePollThatWasTooSoon",
                "RacesOnOneStorage.pollsAreJudgedOneAfterTheOther"
            })
    static class SlowDownIsNotStored extends SabotagedEngine {

        private static final Duration STEP = Duration.ofSeconds(5);

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("deviceCodes.poll")) {
                return call.future();
            }
            Instant at = call.argument(Attempt.class).at();
            return call.honest()
                    .deviceCodes()
                    .getByDeviceCode(call.argument(TokenDigest.class), call.argument(RayId.class))
                    .thenCompose(read -> read.filter(row -> isEarly(row, at))
                            .<CompletableFuture<PollOutcome>>map(row -> CompletableFuture.completedFuture(
                                    new PollOutcome.SlowDown(row.interval().plus(STEP))))
                            .orElseGet(call::future));
        }

        private static boolean isEarly(DeviceCode row, Instant at) {
            Instant last = row.lastPolledAt();
            return row.state() == DeviceCodeState.PENDING
                    && row.isLive(at)
                    && last != null
                    && at.isBefore(last.plus(row.interval()));
        }
    }

    @Caught(
            by = "DeviceCodes.approvingSetsTheUserOnTheRowAndOnItsRoot",
            with = {"RacesOnOneStorage.deviceCodeIsDecidedOnce"})
    static class ApproveForgetsTheRoot extends SabotagedEngine {

        private final Set<String> forgotten = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("deviceCodes.approve")) {
                return call.<DecisionOutcome>future().thenApply(outcome -> {
                    if (outcome instanceof DecisionOutcome.Decided decided) {
                        forgotten.add(decided.row().authorizationId());
                    }
                    return outcome;
                });
            }
            return call.is("authorizations.getById")
                    ? call.<Optional<Authorization>>future()
                            .thenApply(row -> row.map(found -> forgotten.contains(found.id())
                                    ? found.toBuilder().userId(null).build()
                                    : found))
                    : call.future();
        }
    }

    @Caught(
            by = "TokenLimits.theOldestAccessTokensBeyondTheLimitAreRevoked",
            with = {"TokenLimits.amongTokensOfOneMomentTheIdsDecide", "TokenLimits.onlyLiveTokensCount"})
    static class RevokeOldestRevokesTheNewest extends SabotagedEngine {

        private final Queue<AccessToken> inserted = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("accessTokens.insert")) {
                inserted.add(call.argument(AccessToken.class));
            }
            if (!call.is("accessTokens.revokeOldest")) {
                return call.future();
            }
            int keep = call.argument(Integer.class);
            return keep < 0 ? call.future() : call.pretended().thenCompose(open -> revokeNewest(call, keep));
        }

        private CompletableFuture<RevokeCount> revokeNewest(Call call, int keep) {
            Attempt attempt = call.argument(Attempt.class);
            RayId ray = call.argument(RayId.class);
            List<AccessToken> newest = inserted.stream()
                    .filter(token -> token.clientId().equals(call.arguments().get(0))
                            && Objects.equals(token.userId(), call.arguments().get(1)))
                    .flatMap(token -> call.honest().accessTokens().getById(token.id(), ray).join().stream())
                    .filter(token -> token.isLive(attempt.at()))
                    .sorted(Comparator.comparing(AccessToken::createdAt)
                            .thenComparing(AccessToken::id)
                            .reversed())
                    .toList();
            List<AccessToken> revoked = newest.subList(0, Math.max(0, newest.size() - keep));
            return CompletableFuture.allOf(revoked.stream()
                            .map(token -> call.honest()
                                    .accessTokens()
                                    .revoke(token.token(), Attempt.of(attempt.at(), attempt.by()), ray))
                            .toArray(CompletableFuture<?>[]::new))
                    .thenApply(done -> new RevokeCount(0, revoked.size(), 0));
        }
    }
}
