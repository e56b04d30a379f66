package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.Purged;
import io.qscope.store.StaleRowException;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Engines that write what they should not, or not what they should. */
final class SabotagedWrites {

    private SabotagedWrites() {}

    @Caught(
            by = "EveryTable.aDeletedRowIsGone",
            with = {
                "EveryTable.aDeletedRowsKeysAreFree",
                "SharedData.aDeletionIsSeenByEveryLookup",
                "UnitRepeats.aRepeatWhoseRowWasDeletedIsRefusedAndStaysUnwritten"
            })
    static class DeleteDoesNothing extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("accessTokens.deleteById") ? call.pretended() : call.future();
        }
    }

    @Caught(
            by = "EveryTable.aSecondInsertFailsAndTheFirstRowStays",
            with = {
                "EveryTable.insertingTheSameRowAgainFails",
                "Constraints.aFailureNeverHoldsAWholeDigest",
                "Constraints.aTakenKeyIsJudgedBeforeAMissingParent",
                "RacesOnOneStorage.insertOfOneIdIsWonOnce"
            },
            alsoByRandomCalls = true)
    static class InsertOverwrites extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("accessTokens.insert")) {
                return call.future();
            }
            AccessToken row = call.argument(AccessToken.class);
            return call.<Void>future()
                    .exceptionallyCompose(error -> Sabotage.cause(error) instanceof DuplicateRowException duplicate
                                    && duplicate.key().equals("id")
                            ? call.honest()
                                    .accessTokens()
                                    .deleteById(row.id(), call.argument(RayId.class))
                                    .thenCompose(deleted -> call.future())
                            : CompletableFuture.failedFuture(Sabotage.cause(error)));
        }
    }

    @Caught(
            by = "EveryTable.anUpdateOfAnOlderVersionIsStaleAndChangesNothing",
            with = {
                "EveryTable.anUpdateOfAVersionNeverSeenIsStale",
                "EveryTable.repeatingAnUpdateIsStale",
                "EveryTable.staleIsJudgedBeforeWhatMayNotChange",
                "RacesOnOneStorage.revokedTokenIsNotRevivedByAnUpdate",
                "RacesOnOneStorage.updateOfOneVersionIsWonOnce"
            })
    static class UpdateWithoutItsVersionCheck extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("refreshTokens.update") ? update(call) : call.future();
        }

        private static CompletableFuture<Void> update(Call call) {
            RefreshToken row = call.argument(RefreshToken.class);
            RayId ray = call.argument(RayId.class);
            return call.honest()
                    .refreshTokens()
                    .getById(row.id(), ray)
                    .thenCompose(read -> call.with(
                                    row,
                                    read.map(stored -> row.toBuilder()
                                                    .version(stored.version())
                                                    .build())
                                            .orElse(row))
                            .<Void>future())
                    .exceptionallyCompose(error -> Sabotage.cause(error) instanceof StaleRowException
                            ? update(call)
                            : CompletableFuture.failedFuture(Sabotage.cause(error)));
        }
    }

    @Caught(
            by = "UnitFailures.aBadPartIsNamedAndNothingIsWritten",
            with = {
                "UnitFailures",
                "Consents.aUnitThatGivesASecondLiveConsentWritesNothing",
                "Throttles.aUnitThatIsRefusedOrFailsLeavesNoCount",
                "UnitsOfWork.afterARefusalTheAttemptMayTryAgain",
                "UnitsOfWork.theFirstLosingGuardIsNamedAndTheWonOnesAreUndone",
                "AuditChain.aKeyThatCannotBeHadFailsEntriesAndNothingElse",
                "AuditChain.whatIsRefusedLeavesAGapAtMost",
                "RacesOnOneStorage.authorizationRequestIsAnsweredByOneUnit",
                "RacesOnOneStorage.codeIsRedeemedByOneUnit"
            },
            alsoByRandomCalls = true)
    static class UnitKeepsItsFirstPart extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("unit.commit")) {
                return call.future();
            }
            CompletableFuture<UnitOutcome> honest = call.future();
            return honest.handle((outcome, error) -> error == null && outcome.committed())
                    .thenCompose(committed -> committed ? CompletableFuture.completedFuture(true) : keepFirst(call))
                    .thenCompose(kept -> honest);
        }

        private static CompletableFuture<Boolean> keepFirst(Call call) {
            UnitOfWork unit = call.honest().unitOfWork(Attempt.of(Rows.NOW, "sabotage"));
            if (!call.parts().isEmpty()) {
                call.parts().get(0).on(unit).honestly();
            }
            return unit.commit(call.argument(RayId.class)).handle((outcome, refused) -> refused == null);
        }
    }

    @Caught(by = "Constraints.aMissingParentIsRefusedAndNothingIsStored")
    static class ForeignKeyIsNotChecked extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizations.insert")) {
                return call.future();
            }
            String client = call.argument(Authorization.class).clientId();
            RayId ray = call.argument(RayId.class);
            return call.<Void>future()
                    .exceptionallyCompose(error -> Sabotage.cause(error) instanceof MissingReferenceException
                            ? call.honest()
                                    .clients()
                                    .insert(invented(client), ray)
                                    .thenCompose(done -> call.future())
                            : CompletableFuture.failedFuture(Sabotage.cause(error)));
        }

        private static OAuthClient invented(String id) {
            return OAuthClient.builder()
                    .id(id)
                    .clientIdentifier("invented-" + id)
                    .createdAt(Rows.NOW)
                    .createdBy("sabotage")
                    .build();
        }
    }

    @Caught(
            by = "Constraints.deletingAClientDeletesWhatDescendsFromItAndNothingElse",
            with = {"EveryTable.aDeletedRowsKeysAreFree"})
    static class CascadeIsMissing extends SabotagedEngine {

        private final Set<String> hidden = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("clients.deleteById")) {
                hidden.add(call.argument(String.class));
                return call.pretended();
            }
            return call.is("clients.getById", "clients.getByClientIdentifier")
                    ? call.<Optional<OAuthClient>>future()
                            .thenApply(row -> row.filter(found -> !hidden.contains(found.id())))
                    : call.future();
        }
    }

    @Caught(
            by = "Purging.atMostTheLimitIsDeletedAndFewerMeansNothingIsLeft",
            with = {"RacesOnOneStorage.overdueRowsArePurgedOnce"})
    static class PurgeIgnoresItsLimit extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("storage.purge")) {
                return call.future();
            }
            int limit = call.argument(Integer.class);
            return call.with(limit, limit < 1 ? limit : Math.max(limit, 100_000))
                    .future();
        }
    }

    @Caught(
            by = "Purging.aConsumedCodeStaysWhileItsFamilyHasALiveToken",
            with = {"Purging.aConsumedCodeGoesOnceNoTokenOfItsFamilyIsLive"})
    static class PurgeForgetsReplays extends SabotagedEngine {

        private final Queue<AuthorizationCode> consumed = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("authorizationCodes.insert")
                    && call.argument(AuthorizationCode.class).consumedAt() != null) {
                consumed.add(call.argument(AuthorizationCode.class));
            }
            if (!call.is("storage.purge")) {
                return call.future();
            }
            Instant before = call.argument(Instant.class);
            return call.<Purged>future()
                    .thenCompose(purged -> CompletableFuture.allOf(consumed.stream()
                                    .filter(code -> code.expiresAt().isBefore(before))
                                    .map(code -> call.honest()
                                            .authorizationCodes()
                                            .deleteById(code.id(), call.argument(RayId.class)))
                                    .toArray(CompletableFuture<?>[]::new))
                            .thenApply(done -> purged));
        }
    }

    @Caught(
            by = "RoundTrips.insertKeeps",
            with = {"RoundTrips.theLargestRowIsReadBack"})
    static class FieldIsLost extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("authorizationCodes.insert")) {
                return call.future();
            }
            AuthorizationCode row = call.argument(AuthorizationCode.class);
            return call.with(row, row.toBuilder().metadata(Map.of()).build()).future();
        }
    }

    @Caught(
            by = "RoundTrips.insertKeeps",
            with = {"RoundTrips.theLargestRowIsReadBack"})
    static class InstantsAreSeconds extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("clients.insert")) {
                return call.future();
            }
            OAuthClient row = call.argument(OAuthClient.class);
            Instant expiry = row.previousClientSecretExpiresAt();
            return expiry == null
                    ? call.future()
                    : call.with(
                                    row,
                                    row.toBuilder()
                                            .previousClientSecretExpiresAt(expiry.truncatedTo(ChronoUnit.SECONDS))
                                            .build())
                            .future();
        }
    }

    @Caught(by = "Audit.anUpdateIsRefusedInTheFutureAndChangesNothing")
    static class AuditLogCanBeRewritten extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("auditLog.update") ? call.pretended() : call.future();
        }
    }
}
