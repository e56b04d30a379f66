package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Engines that do what they should, and answer as they should not. */
final class SabotagedAnswers {

    private SabotagedAnswers() {}

    @Caught(
            by = "Constraints.aTakenKeyIsRefusedAndNamed",
            with = {
                "Close.callsAfterTheCloseFail",
                "EveryMethod.afterCloseATableIsUnavailable",
                "Constraints.aDigestIsTakenWhateverItsKeyIsCalled",
                "Constraints.aFailureNeverHoldsAWholeDigest",
                "EveryTable.aSecondInsertFailsAndTheFirstRowStays",
                "EveryTable.insertingTheSameRowAgainFails"
            })
    static class ErrorsHaveAnotherRayId extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("clients.insert")
                    ? call.with(call.argument(RayId.class), RayId.random()).future()
                    : call.future();
        }
    }

    @Caught(
            by = "Constraints.aTakenKeyIsRefusedAndNamed",
            with = {
                "Constraints.aDigestIsTakenWhateverItsKeyIsCalled",
                "EveryMethod.afterCloseATableIsUnavailable",
                "Constraints.aFailureNeverHoldsAWholeDigest",
                "Constraints.aMissingParentIsRefusedAndNothingIsStored",
                "Constraints.aTakenKeyIsJudgedBeforeAMissingParent",
                "EveryTable.aSecondInsertFailsAndTheFirstRowStays",
                "EveryTable.insertingTheSameRowAgainFails",
                "Families.aRevokedRootIsJudgedBeforeATakenKey",
                "Families.insertingUnderARevokedRootFailsAndStoresNothing"
            })
    static class ErrorsCarryTheDriversException extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("accessTokens.insert")) {
                return call.future();
            }
            return call.<Void>future().exceptionallyCompose(error -> {
                Throwable own = Sabotage.cause(error);
                own.addSuppressed(new SQLException("near \"INSERT\": syntax error"));
                return CompletableFuture.failedFuture(own);
            });
        }
    }

    @Caught(
            by = "RoundTrips.insertKeeps",
            with = {"RoundTrips.updateKeeps"})
    static class ExpiredRowsAreHidden extends SabotagedEngine {

        /** By a clock, as an engine with time to live would; it stands where the kit's rows are made. */
        private static final Instant CLOCK = Rows.NOW;

        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("accessTokens.getByToken", "accessTokens.getById")
                    ? call.<Optional<AccessToken>>future()
                            .thenApply(row -> row.filter(found -> CLOCK.isBefore(found.expiresAt())))
                    : call.future();
        }
    }

    @Caught(
            by = "Callbacks.blockedCallbacksHoldUpNobodyElse",
            with = {"Callbacks.aCallbackMayWaitForAnotherCall", "Close.closeDoesNotWaitForCallbacks"})
    static class CallbacksRunOnTheEnginesThread extends SabotagedEngine {

        private final Map<Storage, Executor> threads = new ConcurrentHashMap<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.future()
                    .thenApplyAsync(value -> value, threads.computeIfAbsent(call.honest(), storage -> thread()));
        }
    }

    @Caught(by = "Close.pendingCallsAreAnsweredWithinFiveSeconds")
    static class CloseForgetsPendingCalls extends SabotagedEngine {

        /** Slow to answer, so that some calls are pending at every moment. */
        private final Executor slow = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

        private final Set<Storage> closed = ConcurrentHashMap.newKeySet();

        @Override
        public void closing(Storage storage) {
            closed.add(storage);
        }

        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("accessTokens.insert") && !closed.contains(call.honest())
                    ? call.<Void>future().thenComposeAsync(done -> answerUnlessClosed(call.honest()), slow)
                    : call.future();
        }

        private CompletableFuture<Void> answerUnlessClosed(Storage storage) {
            return closed.contains(storage) ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
        }
    }

    @Caught(
            by = "SharedData.aRevocationOfATokenIsSeen",
            with = {"SharedData"})
    static class ReadsAreCachedByEachStorage extends SabotagedEngine {

        private final Map<Storage, Map<List<?>, CompletableFuture<?>>> caches = new ConcurrentHashMap<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            Map<List<?>, CompletableFuture<?>> cache =
                    caches.computeIfAbsent(call.honest(), none -> new ConcurrentHashMap<>());
            if (call.is("accessTokens.getById", "accessTokens.getByToken")) {
                return cache.computeIfAbsent(
                                List.of(
                                        call.method().getName(),
                                        Objects.requireNonNull(call.arguments().get(0))),
                                first -> call.future())
                        .copy();
            }
            if (call.method().getName().startsWith("get")) {
                return call.future();
            }
            // Its own writes it does not miss.
            cache.clear();
            return call.future().whenComplete((answer, error) -> cache.clear());
        }
    }

    private static Executor thread() {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "sabotage");
            thread.setDaemon(true);
            return thread;
        });
    }
}
