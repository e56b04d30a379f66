package io.qscope.app.demo;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.service.IssuedCode;
import io.qscope.service.OAuthServices;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Page;
import io.qscope.store.Purged;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What operators do: read the audit trail, and delete what is of no more use. */
final class HousekeepingSteps {

    private static final int MOST_ENTRIES = 100;

    // Long ago: a purge of that time cannot meet a row that anybody else stored.
    private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06Z");
    private static final Instant SOON_AFTER = Instant.parse("2001-02-04T00:00:00Z");

    private final Stage stage;

    HousekeepingSteps(Stage stage) {
        this.stage = stage;
    }

    void trail(StepReport report, RayId wanted) {
        report.tell("All that came of the replayed code, found by its ray id: " + wanted);
        AuditLogTable log = stage.storage().auditLog();
        List<AuditLog> entries = report.await(log.byRay(wanted, Page.first(MOST_ENTRIES), report.rayId()))
                .rows();
        entries.forEach(entry -> report.show(entry.createdAt().toString(), entry.eventType() + ", " + entry.subject()));
        report.expect(
                "the replay is there; the redemption that was refused left nothing else",
                entries.stream().map(AuditLog::eventType).toList().equals(List.of(AuditEvent.CODE_REPLAYED.type())));
        AuditLog entry = entries.get(0);
        report.show("chain", entry.chain() + ", entry " + entry.sequence());
        report.expect("it is linked to the entries before it by a hash", entry.hash() != null);
        report.tell("Evidence does not change: the log takes new entries and nothing else.");
        UnsupportedOperationException refused =
                report.awaitFailure(UnsupportedOperationException.class, change(log, entry, report));
        report.expect("an update is refused: " + refused.getMessage(), true);
    }

    void purge(StepReport report) {
        report.tell(
                "A code of February 2001 was never redeemed. A purge of all that expired by then deletes it, and the",
                "root that leads nowhere now.");
        IssuedCode code;
        try (OAuthServices then = stage.services(() -> LONG_AGO)) {
            code = report.value(then.codes().issue(stage.request(stage.client(), stage.user("grace")), report.rayId()));
        }
        Purged purged =
                report.value(stage.services().operator().purge(SOON_AFTER, Stage.BY, rows -> {}, report.rayId()));
        report.show("purged", purged.authorizationCodes() + " code, " + purged.authorizations() + " authorization");
        report.expect(
                "both are gone",
                report.await(stage.storage()
                                        .authorizationCodes()
                                        .getByCode(TokenDigest.sha256(code.code()), report.rayId()))
                                .isEmpty()
                        && report.await(stage.storage()
                                        .authorizations()
                                        .getById(code.authorizationId(), report.rayId()))
                                .isEmpty());
        report.expect(
                "the client is not: a purge never deletes clients or audit entries",
                report.value(stage.services().clients().get(stage.client().clientIdentifier(), report.rayId()))
                        .isEnabled());
    }

    @SuppressWarnings("deprecation") // to show that it is refused
    private static CompletableFuture<Void> change(AuditLogTable log, AuditLog entry, StepReport report) {
        return log.update(entry, report.rayId());
    }
}
