package io.qscope.app.demo;

import io.qscope.model.ClientConfig;
import io.qscope.service.ClientChanges;
import io.qscope.service.IssuedTokens;
import io.qscope.store.RevokeCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Revocation: of one token (RFC 7009), of all that a user granted, and of the oldest beyond a limit. */
final class RevocationSteps {

    private static final int LIMIT = 2;

    private final Stage stage;

    RevocationSteps(Stage stage) {
        this.stage = stage;
    }

    void revokeToken(StepReport report) {
        report.tell("A client hands back one access token. Its refresh token stays good.");
        IssuedTokens tokens = stage.tokens(stage.user("carol"), report);
        for (int i = 0; i < 2; i++) {
            report.await(
                    stage.services().tokens().revoke(stage.credentials(), tokens.accessToken(), null, report.rayId()));
        }
        report.expect("a second revocation is a success, too, and changes nothing", true);
        report.expect(
                "the access token is dead, the refresh token lives",
                !stage.isActive(tokens.accessToken(), report)
                        && stage.isActive(Objects.requireNonNull(tokens.refreshToken()), report));
    }

    void revokeUser(StepReport report) {
        String dave = stage.user("dave");
        report.tell(dave + " loses a laptop: everything granted by this user ends, three families in one call.");
        List<IssuedTokens> families = new ArrayList<>();
        for (int family = 0; family < 3; family++) {
            families.add(stage.tokens(dave, report));
        }
        RevokeCount count = report.value(stage.services().operator().revokeUser(dave, Stage.BY, report.rayId()));
        report.show("revoked", count.authorizations() + " families");
        report.expect("three families were marked, not their tokens one by one", count.authorizations() == 3);
        report.expect(
                "no access token of theirs is active",
                families.stream().noneMatch(tokens -> stage.isActive(tokens.accessToken(), report)));
    }

    void limit(StepReport report) {
        String erin = stage.user("erin");
        report.tell("A user may have two live access tokens at this client. With the fourth, the oldest two go.");
        setLimit(
                stage.client().config().toBuilder().maxActiveAccessTokens(LIMIT).build(), report);
        List<IssuedTokens> tokens = new ArrayList<>();
        for (int i = 0; i < 2 * LIMIT; i++) {
            tokens.add(stage.tokens(erin, report));
        }
        List<Boolean> active = tokens.stream()
                .map(each -> stage.isActive(each.accessToken(), report))
                .toList();
        for (int i = 0; i < tokens.size(); i++) {
            report.show(
                    "token " + (i + 1),
                    Stage.shown(tokens.get(i).accessToken()) + (active.get(i) ? ", active" : ", revoked"));
        }
        report.expect(
                "the oldest two are revoked, the newest two active", active.equals(List.of(false, false, true, true)));
        setLimit(stage.client().config(), report);
    }

    private void setLimit(ClientConfig config, StepReport report) {
        report.value(stage.services()
                .clients()
                .update(
                        stage.client().clientIdentifier(),
                        ClientChanges.builder().config(config).build(),
                        Stage.BY,
                        report.rayId()));
    }
}
