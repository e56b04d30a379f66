package io.qscope.tck;

import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Purged;
import io.qscope.store.Slice;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Engines that are wrong about ID tokens and authorization requests. */
final class SabotagedRequests {

    private SabotagedRequests() {}

    @Caught(by = "RacesOnOneStorage.authorizationRequestIsConsumedOnce")
    static class ConsumeOfRequestIsGetThenSet extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizationRequests.consume")) {
                return call.future();
            }
            Attempt attempt = call.argument(Attempt.class);
            return call.honest()
                    .authorizationRequests()
                    .getByHandle(call.argument(TokenDigest.class), call.argument(RayId.class))
                    .thenCompose(read -> call.<ConsumeOutcome<AuthorizationRequest>>future()
                            .thenApply(outcome ->
                                    outcome instanceof ConsumeOutcome.AlreadyConsumed<AuthorizationRequest> late
                                                    && read.filter(row -> row.isLive(attempt.at()))
                                                            .isPresent()
                                            ? new ConsumeOutcome.Consumed<>(late.row())
                                            : outcome));
        }
    }

    @Caught(by = "AuthorizationRequests.aReplayStaysAReplayAfterExpiry")
    static class ExpiredComesBeforeAReplay extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizationRequests.consume")) {
                return call.future();
            }
            Instant at = call.argument(Attempt.class).at();
            return call.<ConsumeOutcome<AuthorizationRequest>>future()
                    .thenApply(outcome -> outcome instanceof ConsumeOutcome.AlreadyConsumed<AuthorizationRequest> late
                                    && !at.isBefore(late.row().expiresAt())
                            ? new ConsumeOutcome.Expired<>(late.row())
                            : outcome);
        }
    }

    @Caught(
            by = "AuthorizationRequests.repeatingTheWinningAttemptWinsAgainAndWritesNothing",
            with = {"AuthorizationRequests.aRepeatIsRecognisedAfterExpiryUpdateAndRevocation"})
    static class AttemptIdOfARequestIsLost extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizationRequests.consume")) {
                return call.future();
            }
            Attempt attempt = call.argument(Attempt.class);
            return call.with(attempt, Attempt.of(attempt.at(), attempt.by())).future();
        }
    }

    @Caught(
            by = "Listings.aFamilyIsListedByItsRootDeadOnesToo",
            with = {"SharedData.aRevocationOfAFamilyIsSeenOnTheRootAndOnAllItsRows"})
    static class ListingOfAFamilyLeavesOutTheDead extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("idTokens.listByAuthorization")
                    ? call.<Slice<IdToken>>future()
                            .thenApply(page -> new Slice<>(
                                    page.rows().stream()
                                            .filter(row -> row.isLive(Rows.NOW))
                                            .toList(),
                                    page.next()))
                    : call.future();
        }
    }

    @Caught(
            by = "Families.anUpdateUnderARevokedRootSucceedsAndTheRowStaysDead",
            with = {
                "Families.aRowReadsBackItsRootsRevocation",
                "IdTokens.aTokenIsRevokedWithItsFamily",
                "RacesOnOneStorage.revokedFamilyIsNotAddedTo",
                "SharedData.aRevocationOfAFamilyIsSeenOnTheRootAndOnAllItsRows"
            })
    static class IdTokenOutlivesItsFamily extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("idTokens.getById")
                    ? call.<Optional<IdToken>>future()
                            .thenApply(row -> row.map(found -> found.toBuilder()
                                    .authorizationRevokedAt(null)
                                    .build()))
                    : call.future();
        }
    }

    @Caught(
            by = "Purging.aRootStaysWhileItHasAChildOfWhicheverKind",
            with = {
                "Purging.atMostTheLimitIsDeletedAndFewerMeansNothingIsLeft",
                "Purging.whatExpiredBeforeIsDeletedAndTheMomentItselfIsNotBefore"
            })
    static class PurgeTakesRequestsForNoChildren extends SabotagedEngine {

        private final Queue<AuthorizationRequest> inserted = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("authorizationRequests.insert")) {
                inserted.add(call.argument(AuthorizationRequest.class));
            }
            if (!call.is("storage.purge")) {
                return call.future();
            }
            Instant before = call.argument(Instant.class);
            return call.<Purged>future()
                    .thenCompose(purged -> CompletableFuture.allOf(inserted.stream()
                                    .filter(row -> row.updatedAt().isBefore(before))
                                    .map(row -> call.honest()
                                            .authorizations()
                                            .deleteById(row.authorizationId(), call.argument(RayId.class)))
                                    .toArray(CompletableFuture<?>[]::new))
                            .thenApply(done -> purged));
        }
    }

    @Caught(
            by = "RoundTrips.insertKeeps",
            with = {"RoundTrips.theLargestRowIsReadBack"})
    static class MetadataOfDeviceCodesIsLost extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("deviceCodes.insert")) {
                return call.future();
            }
            DeviceCode row = call.argument(DeviceCode.class);
            return call.with(row, row.toBuilder().metadata(Map.of()).build()).future();
        }
    }
}
