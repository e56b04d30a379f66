package io.qscope.app.demo;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.TokenDigest;
import io.qscope.service.AuthorizationCodeService;
import io.qscope.service.CodeRedemption;
import io.qscope.service.IssuedCode;
import io.qscope.service.IssuedTokens;
import io.qscope.service.ServiceError;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The life of an authorization code (RFC 6749 §4.1): issued, redeemed, replayed. */
final class CodeSteps {

    private final Stage stage;
    private final AuthorizationCodeService codes;
    private @Nullable IssuedCode issued;
    private @Nullable IssuedTokens tokens;

    CodeSteps(Stage stage) {
        this.stage = stage;
        codes = stage.services().codes();
    }

    private IssuedCode code() {
        return Objects.requireNonNull(issued);
    }

    private IssuedTokens tokens() {
        return Objects.requireNonNull(tokens);
    }

    void issue(StepReport report) {
        String alice = stage.user("alice");
        report.tell(
                alice + " agrees. The root of a new family, a code and an audit entry are stored, in one commit.",
                "The store gets the digest of the code; nobody can redeem what a dump of it shows.");
        issued = report.value(codes.issue(stage.request(stage.client(), alice), report.rayId()));
        AuthorizationCode stored = stored(report);
        report.show("authorization", code().authorizationId());
        report.show("code", Stage.shown(code().code()) + " to the client, " + stored.code() + " in the store");
        report.expect(
                "the code is live until " + stored.expiresAt(),
                stored.isLive(stage.clock().instant()));
    }

    void redeem(StepReport report) {
        report.tell("First somebody who saw the code tries it, without the verifier that only the client has (PKCE).");
        CodeRedemption stolen = new CodeRedemption(code().code(), Stage.REDIRECT_URI, "x".repeat(43));
        report.refused(ServiceError.INVALID_GRANT, codes.redeem(stage.credentials(), stolen, report.rayId()));
        report.expect("refused, and the code is not used up", stored(report).consumedAt() == null);

        report.tell(
                "Then the client. In one commit the code is consumed, and an access token, a refresh token and an",
                "audit entry are stored. All of it or nothing.");
        tokens = report.value(codes.redeem(stage.credentials(), Stage.redemption(code()), report.rayId()));
        report.show(
                "access token",
                Stage.shown(tokens().accessToken()) + ", for "
                        + tokens().expiresIn().toMinutes() + " minutes");
        report.show("refresh token", Stage.shown(tokens().refreshToken()));
        report.expect("both are active", isActive(report));
    }

    void replay(StepReport report) {
        report.tell(
                "Somebody presents the same code again. That means that it leaked: the whole family is revoked, by one",
                "mark on its root (RFC 9700, section 4.5).");
        report.show(
                "refused",
                report.refused(
                                ServiceError.INVALID_GRANT,
                                codes.redeem(stage.credentials(), Stage.redemption(code()), report.rayId()))
                        .clientMessage());
        report.expect("the access token and the refresh token of the first redemption are dead", !isActive(report));
    }

    private boolean isActive(StepReport report) {
        return stage.isActive(tokens().accessToken(), report)
                && stage.isActive(Objects.requireNonNull(tokens().refreshToken()), report);
    }

    private AuthorizationCode stored(StepReport report) {
        return report.await(stage.storage()
                        .authorizationCodes()
                        .getByCode(TokenDigest.sha256(code().code()), report.rayId()))
                .orElseThrow(() -> new Step.Unexpected("the code is gone"));
    }
}
