package io.qscope.app.demo;

import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Page;
import io.qscope.store.Purged;
import io.qscope.store.Storage;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What operators do: read the audit trail, and delete what is of no more use. */
final class HousekeepingSteps {

    private static final int MOST_ENTRIES = 100;
    private static final int PURGE_LIMIT = 1_000;

    // Long ago: a purge of that time cannot meet a row that anybody else stored.
    private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06Z");
    private static final Instant SOON_AFTER = Instant.parse("2001-02-04T00:00:00Z");

    private final Stage stage;
    private final Storage storage;
    private final Issuer issuer;

    HousekeepingSteps(Stage stage) {
        this.stage = stage;
        storage = stage.storage();
        issuer = stage.issuer();
    }

    void trail(StepReport report, RayId wanted) {
        report.tell("All that came of the replayed code, found by its ray id: " + wanted);
        AuditLogTable log = storage.auditLog();
        List<AuditLog> entries = report.await(log.byRay(wanted, Page.first(MOST_ENTRIES), report.rayId()))
                .rows();
        entries.forEach(entry -> report.show(entry.createdAt().toString(), entry.eventType() + ", " + entry.subject()));
        report.expect(
                "both events are there; the redemption that was refused left none",
                entries.stream()
                        .map(AuditLog::eventType)
                        .sorted()
                        .toList()
                        .equals(List.of("code_replayed", "family_revoked")));
        report.tell("Evidence does not change: the log takes new entries and nothing else.");
        UnsupportedOperationException refused =
                report.awaitFailure(UnsupportedOperationException.class, change(log, entries.get(0), report));
        report.expect("an update is refused: " + refused.getMessage(), true);
    }

    void purge(StepReport report) {
        report.tell(
                "A code of February 2001 was never redeemed. A purge of all that expired by then deletes it, and the",
                "root that leads nowhere now.");
        String user = stage.user("grace");
        Authorization root = issuer.authorization(stage.client(), user, LONG_AGO);
        AuthorizationCode code = issuer.code(root, user, Secret.random(), LONG_AGO);
        report.await(
                storage.unitOfWork(issuer.attempt()).insert(root).insert(code).commit(report.rayId()));
        Purged purged = report.await(storage.purge(SOON_AFTER, PURGE_LIMIT, issuer.attempt(), report.rayId()));
        report.show("purged", purged.authorizationCodes() + " code, " + purged.authorizations() + " authorization");
        report.expect(
                "both are gone",
                report.await(storage.authorizationCodes().getById(code.id(), report.rayId()))
                                .isEmpty()
                        && report.await(storage.authorizations().getById(root.id(), report.rayId()))
                                .isEmpty());
        report.expect(
                "the client is not: a purge never deletes clients or audit entries",
                report.await(storage.clients().getById(stage.client().id(), report.rayId()))
                        .isPresent());
    }

    @SuppressWarnings("deprecation") // to show that it is refused
    private static CompletableFuture<Void> change(AuditLogTable log, AuditLog entry, StepReport report) {
        return log.update(entry, report.rayId());
    }
}
