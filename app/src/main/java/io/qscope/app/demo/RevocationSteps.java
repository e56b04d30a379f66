package io.qscope.app.demo;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.RefreshToken;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome.AlreadyRevoked;
import io.qscope.store.RevokeOutcome.Revoked;
import io.qscope.store.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Revocation: of one token (RFC 7009), of all that a user granted, and of the oldest beyond a limit. */
final class RevocationSteps {

    private final Stage stage;
    private final Storage storage;
    private final Issuer issuer;

    RevocationSteps(Stage stage) {
        this.stage = stage;
        storage = stage.storage();
        issuer = stage.issuer();
    }

    void revokeToken(StepReport report) {
        report.tell("A client hands back one access token. Its refresh token stays good.");
        Authorization root = issuer.authorization(stage.client(), stage.user("carol"), issuer.now());
        AccessToken access = issuer.accessToken(root, Secret.random(), issuer.now());
        RefreshToken refresh = issuer.refreshToken(root, Secret.random(), null, issuer.now());
        report.await(storage.unitOfWork(issuer.attempt())
                .insert(root)
                .insert(access)
                .insert(refresh)
                .commit(report.rayId()));
        AccessToken revoked = (AccessToken) StepReport.as(
                        Revoked.class,
                        report.await(storage.accessTokens().revoke(access.token(), issuer.attempt(), report.rayId())))
                .row();
        report.show("access token", access.token() + ", revoked at " + revoked.revokedAt());
        AccessToken again = (AccessToken) StepReport.as(
                        AlreadyRevoked.class,
                        report.await(storage.accessTokens().revoke(access.token(), issuer.attempt(), report.rayId())))
                .row();
        report.expect("a second revocation changes nothing: AlreadyRevoked", again.equals(revoked));
        report.expect(
                "the access token is dead, the refresh token lives",
                !isLive(access, report)
                        && report.await(storage.refreshTokens().getById(refresh.id(), report.rayId()))
                                .filter(row -> row.isLive(issuer.now()))
                                .isPresent());
    }

    void revokeUser(StepReport report) {
        String dave = stage.user("dave");
        report.tell(dave + " loses a laptop: everything granted by this user ends, three families in one call.");
        List<AccessToken> tokens = new ArrayList<>();
        for (int family = 0; family < 3; family++) {
            Authorization root = issuer.authorization(stage.client(), dave, issuer.now());
            AccessToken token = issuer.accessToken(root, Secret.random(), issuer.now());
            report.await(storage.unitOfWork(issuer.attempt())
                    .insert(root)
                    .insert(token)
                    .commit(report.rayId()));
            tokens.add(token);
        }
        RevokeCount count = report.await(storage.authorizations().revokeByUser(dave, issuer.attempt(), report.rayId()));
        report.show("revoked", count.authorizations() + " families");
        report.expect("three families were marked, not their tokens one by one", count.authorizations() == 3);
        report.expect("no access token of theirs is live", tokens.stream().noneMatch(token -> isLive(token, report)));
    }

    void limit(StepReport report) {
        String erin = stage.user("erin");
        int keep = 2;
        report.tell("A user may have two live access tokens at this client. With the fourth, the oldest two go.");
        Authorization root = issuer.authorization(stage.client(), erin, issuer.now());
        report.await(storage.authorizations().insert(root, report.rayId()));
        List<AccessToken> tokens = new ArrayList<>();
        Instant first = issuer.now().minusSeconds(4);
        for (int i = 0; i < 4; i++) {
            AccessToken token = issuer.accessToken(root, Secret.random(), first.plusSeconds(i));
            report.await(storage.accessTokens().insert(token, report.rayId()));
            tokens.add(token);
        }
        RevokeCount count = report.await(
                storage.accessTokens().revokeOldest(stage.client().id(), erin, keep, issuer.attempt(), report.rayId()));
        List<Boolean> live = tokens.stream().map(token -> isLive(token, report)).toList();
        for (int i = 0; i < tokens.size(); i++) {
            report.show("token " + (i + 1), tokens.get(i).token() + (live.get(i) ? ", live" : ", revoked"));
        }
        report.expect(
                "the oldest two are revoked, the newest two live",
                count.accessTokens() == 2 && live.equals(List.of(false, false, true, true)));
    }

    private boolean isLive(AccessToken token, StepReport report) {
        return report.await(storage.accessTokens().getByToken(token.token(), report.rayId()))
                .map(row -> row.isLive(issuer.now()))
                .orElseThrow(() -> new Step.Unexpected("the access token is gone"));
    }
}
