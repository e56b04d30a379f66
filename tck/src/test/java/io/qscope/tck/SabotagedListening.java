package io.qscope.tck;

import io.qscope.model.RayId;
import io.qscope.store.CallOutcome;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageListener;
import java.util.concurrent.CompletableFuture;

/** Engines that tell a listener wrongly. */
final class SabotagedListening {

    private SabotagedListening() {}

    /** As an engine does that tells of the first try and of the next one. */
    @Caught(
            by = "Listening.everyCallIsToldOnceByItsNameTableAndRay",
            with = {"Listening"})
    static class CallsAreToldTwice extends SabotagedEngine {
        @Override
        StorageListener told(StorageListener listener) {
            return call -> {
                listener.called(call);
                listener.called(call);
            };
        }
    }

    @Caught(
            by = "Listening.everyCallIsToldOnceByItsNameTableAndRay",
            with = {"Listening"})
    static class TheRayIsForgotten extends SabotagedEngine {
        @Override
        StorageListener told(StorageListener listener) {
            return call -> listener.called(new StorageCall(
                    call.operation(),
                    call.table(),
                    RayId.random(),
                    call.outcome(),
                    call.waiting(),
                    call.running(),
                    call.groupSize(),
                    call.endedNanos()));
        }
    }

    /** Whoever is refused looks like who wins. */
    @Caught(
            by = "Listening.winnersAndLosersAreToldApart",
            with = {"Listening.aUnitIsToldAsOneCall"})
    static class RefusalsAreToldAsDone extends SabotagedEngine {
        @Override
        StorageListener told(StorageListener listener) {
            return call -> listener.called(new StorageCall(
                    call.operation(),
                    call.table(),
                    call.rayId(),
                    call.outcome().isFailure() ? call.outcome() : CallOutcome.OK,
                    call.waiting(),
                    call.running(),
                    call.groupSize(),
                    call.endedNanos()));
        }
    }

    /** Every call waits until its listener has heard of another. */
    @Caught(by = "Listening.aBlockedListenerHoldsUpNobody")
    static class CallsWaitForTheirListener extends SabotagedEngine {

        private volatile CompletableFuture<Void> heard = CompletableFuture.completedFuture(null);

        @Override
        StorageListener told(StorageListener listener) {
            return call -> {
                CompletableFuture<Void> hearing = new CompletableFuture<>();
                heard = hearing;
                try {
                    listener.called(call);
                } finally {
                    hearing.complete(null);
                }
            };
        }

        @Override
        public CompletableFuture<?> answer(Call call) {
            CompletableFuture<Void> before = heard;
            return call.future().thenCombine(before, (answer, done) -> answer);
        }
    }
}
