package io.qscope.app.demo;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome.AlreadyConsumed;
import io.qscope.store.ConsumeOutcome.Consumed;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.Storage;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import io.qscope.store.UnitOutcome.Committed;
import io.qscope.store.UnitOutcome.Refused;
import java.time.Instant;
import java.util.Optional;

/** The life of an authorization code (RFC 6749 §4.1): issued, redeemed, replayed. */
final class CodeSteps {

    private final Storage storage;
    private final Issuer issuer;
    private final String alice;
    private final Authorization root;
    private final Secret code = Secret.random();
    private final AuthorizationCode codeRow;
    private final AccessToken access;
    private final RefreshToken refresh;

    CodeSteps(Stage stage) {
        storage = stage.storage();
        issuer = stage.issuer();
        alice = stage.user("alice");
        Instant now = issuer.now();
        root = issuer.authorization(stage.client(), alice, now);
        codeRow = issuer.code(root, alice, code, now);
        access = issuer.accessToken(root, Secret.random(), now);
        refresh = issuer.refreshToken(root, Secret.random(), null, now);
    }

    void issue(StepReport report) {
        report.tell(
                alice + " agrees. The root of a new family and a code are stored, in one unit of work.",
                "The store gets the digest of the code; nobody can redeem what a dump of it shows.");
        UnitOutcome outcome = report.await(storage.unitOfWork(issuer.attempt())
                .insert(root)
                .insert(codeRow)
                .insert(issuer.event("code_issued", root, report.rayId()))
                .commit(report.rayId()));
        report.show("authorization", root.id());
        report.show("code", code + " to the client, " + codeRow.code() + " in the store");
        report.expect("both are stored", outcome.committed());
        Optional<AuthorizationCode> stored =
                report.await(storage.authorizationCodes().getByCode(code.digest(), report.rayId()));
        report.expect(
                "the code is live until " + codeRow.expiresAt(),
                stored.isPresent() && stored.get().isLive(issuer.now()));
    }

    void redeem(StepReport report) {
        report.tell(
                "One unit of work, one durable commit: the code is consumed, and an access token, a refresh token",
                "and an audit entry are stored. All of it or nothing.");
        Attempt attempt = issuer.attempt();
        AuditLog entry = issuer.event("code_redeemed", root, report.rayId());
        Committed committed = StepReport.as(
                Committed.class,
                report.await(redemption(attempt, access, refresh, entry).commit(report.rayId())));
        AuthorizationCode consumed = (AuthorizationCode)
                StepReport.as(Consumed.class, committed.outcomes().get(0)).row();
        report.show("code", "consumed at " + consumed.consumedAt() + ", version " + consumed.version());
        report.show("access token", access.token() + ", until " + access.expiresAt());
        report.show("refresh token", refresh.token() + ", until " + refresh.expiresAt());
        report.expect("both tokens are live", isAccessLive(report) && isRefreshLive(report));

        report.tell("Suppose the answer was lost on its way. The server repeats the unit with the same attempt id.");
        UnitOutcome again =
                report.await(redemption(attempt, access, refresh, entry).commit(report.rayId()));
        Optional<AuthorizationCode> code2 =
                report.await(storage.authorizationCodes().getById(codeRow.id(), report.rayId()));
        report.expect(
                "answered as the first time, and nothing was written twice",
                again.committed() && code2.map(AuthorizationCode::version).equals(Optional.of(consumed.version())));
    }

    void replay(StepReport report) {
        report.tell("Somebody else presents the same code. The unit is refused, and its tokens are not stored.");
        AccessToken stolen = issuer.accessToken(root, Secret.random(), issuer.now());
        RefreshToken stolenToo = issuer.refreshToken(root, Secret.random(), null, issuer.now());
        AuditLog entry = issuer.event("code_redeemed", root, report.rayId());
        Refused refused = StepReport.as(
                Refused.class,
                report.await(
                        redemption(issuer.attempt(), stolen, stolenToo, entry).commit(report.rayId())));
        report.show("outcome", "AlreadyConsumed, at " + consumedAt(refused));
        report.expect(
                "no second pair of tokens exists",
                report.await(storage.accessTokens().getById(stolen.id(), report.rayId()))
                                .isEmpty()
                        && report.await(storage.refreshTokens().getById(stolenToo.id(), report.rayId()))
                                .isEmpty());

        report.tell(
                "A replay means that the code leaked: the whole family is revoked, by one mark on its root",
                "(RFC 9700, section 4.5).");
        UnitOutcome revoked = report.await(storage.unitOfWork(issuer.attempt())
                .revokeAuthorization(root.id())
                .insert(issuer.event("code_replayed", root, report.rayId()))
                .insert(issuer.event("family_revoked", root, report.rayId()))
                .commit(report.rayId()));
        report.expect("the family is revoked", revoked.committed());
        report.expect(
                "the access token and the refresh token of the first redemption are dead",
                !isAccessLive(report) && !isRefreshLive(report));
        report.awaitFailure(
                RevokedAuthorizationException.class, storage.accessTokens().insert(stolen, report.rayId()));
        report.expect("no new token can be stored under the revoked root", true);
    }

    private UnitOfWork redemption(Attempt attempt, AccessToken accessToken, RefreshToken refreshToken, AuditLog entry) {
        return storage.unitOfWork(attempt)
                .consume(code.digest())
                .insert(accessToken)
                .insert(refreshToken)
                .insert(entry);
    }

    private static Instant consumedAt(Refused refused) {
        AuthorizationCode row = (AuthorizationCode)
                StepReport.as(AlreadyConsumed.class, refused.outcome()).row();
        Instant at = row.consumedAt();
        if (at == null) {
            throw new Step.Unexpected("a consumed code without its consumedAt");
        }
        return at;
    }

    private boolean isAccessLive(StepReport report) {
        return report.await(storage.accessTokens().getByToken(access.token(), report.rayId()))
                .map(row -> row.isLive(issuer.now()))
                .orElseThrow(() -> new Step.Unexpected("the access token is gone"));
    }

    private boolean isRefreshLive(StepReport report) {
        return report.await(storage.refreshTokens().getByToken(refresh.token(), report.rayId()))
                .map(row -> row.isLive(issuer.now()))
                .orElseThrow(() -> new Step.Unexpected("the refresh token is gone"));
    }
}
