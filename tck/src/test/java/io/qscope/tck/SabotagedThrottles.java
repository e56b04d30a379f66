package io.qscope.tck;

import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Purged;
import io.qscope.store.Storage;
import io.qscope.store.ThrottleCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Engines that miscount. */
final class SabotagedThrottles {

    private SabotagedThrottles() {}

    @Caught(
            by = "RacesOnOneStorage.countsAreEachToldOnce",
            with = {
                "RacesOnOneStorage.countsAtTheWindowsEndBeginANewOneTogether",
                "RacesOnOneStorage.countsAreToldToOneAttemptWhateverIsRepeated",
                "RacesOnOneStorage.whatIsCountedAndTakenBackLeavesNothing"
            })
    static class CountIsGetThenSet extends SabotagedEngine {

        private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();

        /** Says one more than was there when it began, whatever others counted meanwhile. */
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("throttles.count")) {
                return call.future();
            }
            AtomicInteger others =
                    underWay.computeIfAbsent(call.argument(TokenDigest.class).toString(), key -> new AtomicInteger());
            int unseen = others.getAndIncrement();
            return call.<ThrottleCount>future()
                    .whenComplete((counted, error) -> others.getAndDecrement())
                    .thenApply(counted -> new ThrottleCount(Math.max(1, counted.count() - unseen), counted.endsAt()));
        }
    }

    @Caught(
            by = "Throttles.aCountAtTheEndBeginsANewWindow",
            with = {
                "Throttles.aCountLongAfterTheEndBeginsANewWindow",
                "Throttles.theCountThatBeginsAWindowSaysHowLongItIs",
                "Throttles.takingBackMeansTheWindowThatIsOpen",
                "Throttles.theLastTakingBacksRepeatIsRecognisedInTheNextWindow",
                "RacesOnOneStorage.countsAtTheWindowsEndBeginANewOneTogether"
            })
    static class CountIgnoresTheWindowsEnd extends SabotagedEngine {

        private final Map<TokenDigest, Instant> begun = new ConcurrentHashMap<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("throttles.count")) {
                return call.future();
            }
            Attempt attempt = call.argument(Attempt.class);
            Instant first = begun.computeIfAbsent(call.argument(TokenDigest.class), key -> attempt.at());
            return call.with(attempt, new Attempt(attempt.id(), first, attempt.by()))
                    .future();
        }
    }

    @Caught(
            by = "Throttles.repeatingTheLastCountIsAnsweredAgainAndAddsNothing",
            with = {
                "Throttles.theLastCountsRepeatIsRecognisedAfterTheEndAndAfterOthersTookBack",
                "RacesOnOneStorage.countsAreToldToOneAttemptWhateverIsRepeated"
            },
            alsoByRandomCalls = true)
    static class CountForgetsItsAttempt extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("throttles.count") ? withAnotherAttempt(call).future() : call.future();
        }
    }

    @Caught(
            by = "Throttles.repeatingTheLastTakingBackDoesNothing",
            with = {"Throttles.theLastTakingBacksRepeatIsRecognisedInTheNextWindow"})
    static class UncountForgetsItsAttempt extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("throttles.uncount") ? withAnotherAttempt(call).future() : call.future();
        }
    }

    @Caught(
            by = "Throttles.takingBackStopsAtZeroAndTheWindowStays",
            with = {
                "Throttles.withoutACounterThereIsNothingToTakeBack",
                "Throttles.theLastCountsRepeatIsRecognisedAfterTheEndAndAfterOthersTookBack",
                "RacesOnOneStorage.counterStopsAtZero",
                "RacesOnOneStorage.whatIsCountedAndTakenBackLeavesNothing"
            })
    static class UncountGoesBelowZero extends SabotagedEngine {

        /** What a counter shows, and how often one was taken back from zero, which every later count lacks. */
        private record Ledger(int counted, int missing) {}

        private final Map<TokenDigest, Ledger> ledgers = new ConcurrentHashMap<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("throttles.uncount")) {
                return call.<Void>future()
                        .thenRun(() -> ledgers.merge(
                                call.argument(TokenDigest.class),
                                new Ledger(0, 1),
                                (before, none) -> before.counted() > 0
                                        ? new Ledger(before.counted() - 1, before.missing())
                                        : new Ledger(0, before.missing() + 1)));
            }
            return call.is("throttles.count")
                    ? call.<ThrottleCount>future().thenApply(counted -> {
                        Ledger after = ledgers.merge(
                                call.argument(TokenDigest.class),
                                new Ledger(counted.count(), 0),
                                (before, now) -> new Ledger(now.counted(), before.missing()));
                        return new ThrottleCount(counted.count() - after.missing(), counted.endsAt());
                    })
                    : call.future();
        }
    }

    @Caught(
            by = "Purging.aThrottleGoesOnceItsWindowEndedBefore",
            with = {
                "Purging.atMostTheLimitIsDeletedAndFewerMeansNothingIsLeft",
                "RacesOnOneStorage.overdueRowsArePurgedOnce"
            })
    static class PurgeLeavesThrottles extends SabotagedEngine {

        private record Counted(Storage where, TokenDigest key, Duration window, Attempt attempt) {}

        private final List<Counted> counts = new ArrayList<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("throttles.count")) {
                return call.<ThrottleCount>future().thenApply(counted -> {
                    note(call);
                    return counted;
                });
            }
            if (!call.is("storage.purge")) {
                return call.future();
            }
            Instant before = call.argument(Instant.class);
            return call.<Purged>future()
                    .thenCompose(purged -> CompletableFuture.allOf(ended(call.honest(), before).stream()
                                    .map(count -> call.honest()
                                            .throttles()
                                            .count(
                                                    count.key(),
                                                    count.window(),
                                                    count.attempt(),
                                                    call.argument(RayId.class)))
                                    .toArray(CompletableFuture<?>[]::new))
                            .thenApply(restored -> new Purged(
                                    purged.accessTokens(),
                                    purged.refreshTokens(),
                                    purged.authorizationCodes(),
                                    purged.deviceCodes(),
                                    purged.idTokens(),
                                    purged.authorizationRequests(),
                                    purged.authorizations(),
                                    purged.consents(),
                                    0)));
        }

        private synchronized void note(Call call) {
            counts.add(new Counted(
                    call.honest(),
                    call.argument(TokenDigest.class),
                    call.argument(Duration.class),
                    call.argument(Attempt.class)));
        }

        private synchronized List<Counted> ended(Storage where, Instant before) {
            return counts.stream()
                    .filter(count -> count.where().equals(where))
                    .filter(count -> count.attempt().at().plus(count.window()).isBefore(before))
                    .toList();
        }
    }

    private static Sabotage.Call withAnotherAttempt(Sabotage.Call call) {
        Attempt attempt = call.argument(Attempt.class);
        return call.with(attempt, Attempt.of(attempt.at(), attempt.by()));
    }
}
