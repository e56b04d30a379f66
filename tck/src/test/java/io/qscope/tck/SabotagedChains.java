package io.qscope.tck;

import io.qscope.audit.AuditEvent;
import io.qscope.audit.AuditHead;
import io.qscope.audit.Reseal;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Engines that chain their audit entries wrongly. */
final class SabotagedChains {

    private SabotagedChains() {}

    /** What is inserted alone is stored, and never sealed. */
    @Caught(
            by = "AuditChain.everyEntryIsChainedAndReadsTheSameEverywhere",
            with = {"AuditChain", "AuditChains"})
    static class EntryIsLeftOutOfTheChain extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("auditLog.insert") || keysOf(call.honest()).isEmpty()) {
                return call.future();
            }
            try (Storage withoutKeys = Storage.open(locationOf(call.honest()))) {
                return withoutKeys.auditLog().insert(call.argument(AuditLog.class), call.argument(RayId.class));
            }
        }
    }

    /** Every entry names the same group before it: the hashes are right, and prove no order. */
    @Caught(
            by = "AuditChain.eachGroupNamesTheOneBefore",
            // The saboteur needs the key too.
            with = {"AuditChain.aKeyThatCannotBeHadFailsEntriesAndNothingElse"})
    static class PreviousHashIsReused extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return keysOf(call.honest())
                    .<CompletableFuture<?>>map(keys -> entriesIn(
                            call,
                            entry -> Optional.of(Reseal.changed(
                                    entry,
                                    entry.toBuilder()
                                            .previousHash(AuditHead.NO_LINK)
                                            .build(),
                                    keys))))
                    .orElseGet(call::future);
        }
    }

    @Caught(
            by = "AuditChains.closingAStorageClosesItsChain",
            with = {
                "AuditChains.anOpeningRecordsWhereOtherChainsStand",
                "AuditChains.aLogThatGrewIsIntactAgainstItsCheckpoint"
            })
    static class ClosingIsForgotten extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return entriesIn(
                    call,
                    entry -> Optional.of(entry)
                            .filter(each -> !each.eventType().equals(AuditEvent.CHAIN_CLOSED.type())));
        }
    }

    /** Each chain stands alone, so that a whole one can be deleted unnoticed. */
    @Caught(
            by = "AuditChains.anOpeningRecordsWhereOtherChainsStand",
            with = {
                // An opening that is shown otherwise is another link for the group after it.
                "AuditChains.eachStorageHasChainsOfItsOwn",
                "AuditChains.aLogThatGrewIsIntactAgainstItsCheckpoint"
            })
    static class OpeningForgetsOtherChains extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return entriesIn(
                    call,
                    entry -> Optional.of(
                            entry.eventType().equals(AuditEvent.CHAIN_OPENED.type())
                                    ? Reseal.changed(
                                            entry,
                                            entry.toBuilder()
                                                    .metadata(Map.of("heads", List.of()))
                                                    .build(),
                                            keysAt(locationOf(call.honest())))
                                    : entry));
        }
    }

    /** The call's answer, with the chained entries in it shown otherwise, or not at all. */
    private static CompletableFuture<?> entriesIn(Sabotage.Call call, Function<AuditLog, Optional<AuditLog>> shown) {
        Function<AuditLog, Optional<AuditLog>> chained =
                entry -> entry.chain() == null ? Optional.of(entry) : shown.apply(entry);
        if (call.is("auditLog.getById")) {
            return call.<Optional<AuditLog>>future().thenApply(found -> found.flatMap(chained));
        }
        if (call.is("auditLog.byRay", "auditLog.page", "auditLog.chained")) {
            return call.<Slice<AuditLog>>future()
                    .thenApply(slice -> new Slice<>(
                            slice.rows().stream()
                                    .map(chained)
                                    .flatMap(Optional::stream)
                                    .toList(),
                            slice.next()));
        }
        return call.future();
    }
}
