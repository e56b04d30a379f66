package io.qscope.app.demo;

import io.qscope.model.Authorization;
import io.qscope.model.RefreshToken;
import io.qscope.store.Grace;
import io.qscope.store.RotateOutcome;
import io.qscope.store.RotateOutcome.AlreadyRotated;
import io.qscope.store.RotateOutcome.Rotated;
import io.qscope.store.Storage;
import java.util.Optional;

/** The life of a refresh token: rotated at each use, and what becomes of a thief's copy (RFC 9700 §4.14). */
final class RefreshSteps {

    private final Storage storage;
    private final Issuer issuer;
    private final Authorization root;
    private final RefreshToken first;
    private final RefreshToken second;

    RefreshSteps(Stage stage) {
        storage = stage.storage();
        issuer = stage.issuer();
        root = issuer.authorization(stage.client(), stage.user("alice"), issuer.now());
        first = issuer.refreshToken(root, Secret.random(), null, issuer.now());
        second = issuer.refreshToken(root, Secret.random(), first, issuer.now());
    }

    void rotate(StepReport report) {
        report.tell("The client refreshes: its refresh token is retired and a successor stored, in one step.");
        report.await(
                storage.unitOfWork(issuer.attempt()).insert(root).insert(first).commit(report.rayId()));
        RotateOutcome outcome = report.await(
                storage.refreshTokens().rotate(first.token(), second, Grace.NONE, issuer.attempt(), report.rayId()));
        Rotated rotated = StepReport.as(Rotated.class, outcome);
        report.show(
                "before",
                rotated.previous().token() + ", rotated at "
                        + rotated.previous().rotatedAt());
        report.show(
                "successor",
                rotated.successor().token() + ", until " + rotated.successor().expiresAt());
        report.expect(
                "the successor is live, its predecessor is not", isLive(second, report) && !isLive(first, report));
    }

    void replay(StepReport report) {
        report.tell(
                "The retired token is used again. Either its thief or its owner is late: nobody can tell which,",
                "so the family is revoked, and both have to ask the user.");
        RefreshToken other = issuer.refreshToken(root, Secret.random(), first, issuer.now());
        RotateOutcome outcome = report.await(
                storage.refreshTokens().rotate(first.token(), other, Grace.NONE, issuer.attempt(), report.rayId()));
        report.show(
                "outcome",
                "AlreadyRotated, at "
                        + StepReport.as(AlreadyRotated.class, outcome)
                                .previous()
                                .rotatedAt());
        report.expect(
                "the successor that the replay brought was not stored",
                report.await(storage.refreshTokens().getById(other.id(), report.rayId()))
                        .isEmpty());
        report.await(storage.unitOfWork(issuer.attempt())
                .revokeAuthorization(root.id())
                .insert(issuer.event("refresh_token_replayed", root, report.rayId()))
                .commit(report.rayId()));
        report.expect("the successor is dead, too", !isLive(second, report));
        RefreshToken third = issuer.refreshToken(root, Secret.random(), second, issuer.now());
        StepReport.as(
                RotateOutcome.Revoked.class,
                report.await(storage.refreshTokens()
                        .rotate(second.token(), third, Grace.NONE, issuer.attempt(), report.rayId())));
        report.expect("and cannot be rotated: Revoked", true);
    }

    private boolean isLive(RefreshToken token, StepReport report) {
        Optional<RefreshToken> stored = report.await(storage.refreshTokens().getByToken(token.token(), report.rayId()));
        return stored.orElseThrow(() -> new Step.Unexpected("the refresh token is gone"))
                .isLive(issuer.now());
    }
}
