package io.qscope.tck;

import io.qscope.model.Consent;
import io.qscope.model.RayId;
import io.qscope.store.ConsentTable;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Page;
import io.qscope.store.Purged;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Engines that lose count of a user's consents, or forget that one was taken back. */
final class SabotagedConsents {

    private SabotagedConsents() {}

    @Caught(
            by = "Consents.aSecondLiveConsentIsRefusedAndNamed",
            with = {"Consents.whoConsentsAnewGetsANewRow", "RacesOnOneStorage.insertOfOneKeyIsWonOnce"})
    static class SecondLiveConsentIsAccepted extends SabotagedEngine {

        private final Set<String> second = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("consents.getById")) {
                return call.<Optional<Consent>>future()
                        .thenApply(row -> row.map(found -> second.contains(found.id()) ? revived(found) : found));
            }
            if (!call.is("consents.insert")) {
                return call.future();
            }
            Consent row = call.argument(Consent.class);
            return call.<Void>future().exceptionallyCompose(error -> {
                Throwable cause = Sabotage.cause(error);
                if (!(cause instanceof DuplicateRowException duplicate)
                        || !duplicate.key().equals(ConsentTable.LIVE_KEY)) {
                    return CompletableFuture.failedFuture(cause);
                }
                second.add(row.id());
                return call.with(row, row.toBuilder().revokedAt(Rows.NOW).build())
                        .future();
            });
        }
    }

    @Caught(
            by = "Consents.aRevokedConsentIsNotRevivedByAnUpdate",
            with = {
                "Consents.repeatingARevocationIsAnsweredAgainAlsoAfterAnUpdate",
                "RacesOnOneStorage.revokedConsentIsNotRevivedByAnUpdate"
            })
    static class UpdateRevivesConsent extends SabotagedEngine {

        private final Set<String> revived = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("consents.update")) {
                return call.<Void>future()
                        .thenRun(() -> revived.add(call.argument(Consent.class).id()));
            }
            return call.is("consents.getById")
                    ? call.<Optional<Consent>>future()
                            .thenApply(row -> row.map(found -> revived.contains(found.id()) ? revived(found) : found))
                    : call.future();
        }
    }

    @Caught(
            by = "Consents.aRevokedConsentIsNotFoundByItsClientAndUserAndStaysAsHistory",
            with = {
                "Consents.aRevokedConsentIsNotRevivedByAnUpdate",
                "RacesOnOneStorage.revokedConsentIsNotRevivedByAnUpdate"
            })
    static class RevokedConsentCountsStill extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("consents.getByClientAndUser")
                    ? call.<Optional<Consent>>future()
                            .thenCompose(live -> live.isPresent()
                                    ? CompletableFuture.completedFuture(live)
                                    : anyOf(
                                            call,
                                            String.valueOf(call.arguments().get(0)),
                                            String.valueOf(call.arguments().get(1))))
                    : call.future();
        }

        private static CompletableFuture<Optional<Consent>> anyOf(Call call, String client, String user) {
            return call.honest()
                    .consents()
                    .listByUser(user, Page.first(Page.MOST), call.argument(RayId.class))
                    .thenApply(all -> all.rows().stream()
                            .filter(row -> row.clientId().equals(client))
                            .findFirst());
        }
    }

    @Caught(
            by = "Purging.clientsLiveConsentsAndAuditEntriesAreNeverPurged",
            with = {"Purging.aConsentGoesOnceItWasRevokedBefore"})
    static class PurgeDeletesLiveConsents extends SabotagedEngine {

        private final Queue<Consent> inserted = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("consents.insert") && call.argument(Consent.class).isLive()) {
                inserted.add(call.argument(Consent.class));
            }
            if (!call.is("storage.purge")) {
                return call.future();
            }
            Instant before = call.argument(Instant.class);
            return call.<Purged>future()
                    .thenCompose(purged -> CompletableFuture.allOf(inserted.stream()
                                    .filter(row -> row.updatedAt().isBefore(before))
                                    .map(row ->
                                            call.honest().consents().deleteById(row.id(), call.argument(RayId.class)))
                                    .toArray(CompletableFuture<?>[]::new))
                            .thenApply(done -> purged));
        }
    }

    private static Consent revived(Consent row) {
        return row.toBuilder().revokedAt(null).build();
    }
}
