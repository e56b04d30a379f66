package io.qscope.app.demo;

import io.qscope.service.IssuedTokens;
import io.qscope.service.ServiceError;
import io.qscope.service.TokenService;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The life of a refresh token: rotated at each use, and what becomes of a thief's copy (RFC 9700 §4.14). */
final class RefreshSteps {

    private final Stage stage;
    private final TokenService service;
    private @Nullable IssuedTokens first;
    private @Nullable IssuedTokens second;

    RefreshSteps(Stage stage) {
        this.stage = stage;
        service = stage.services().tokens();
    }

    private static String refreshToken(@Nullable IssuedTokens tokens) {
        return Objects.requireNonNull(Objects.requireNonNull(tokens).refreshToken());
    }

    void rotate(StepReport report) {
        report.tell(
                "The client refreshes: its refresh token is retired, and a successor and a new access token stored.");
        first = stage.tokens(stage.user("alice"), report);
        second = report.value(service.refresh(stage.credentials(), refreshToken(first), null, report.rayId()));
        report.show("before", Stage.shown(refreshToken(first)) + ", rotated");
        report.show("successor", Stage.shown(refreshToken(second)));
        report.expect(
                "the successor is active, its predecessor is not",
                stage.isActive(refreshToken(second), report) && !stage.isActive(refreshToken(first), report));
    }

    void replay(StepReport report) {
        report.tell(
                "The retired token is used again. Either its thief or its owner is late: nobody can tell which,",
                "so the family is revoked, and both have to ask the user.");
        report.show(
                "refused",
                report.refused(
                                ServiceError.INVALID_GRANT,
                                service.refresh(stage.credentials(), refreshToken(first), null, report.rayId()))
                        .clientMessage());
        report.expect("the successor is dead, too", !stage.isActive(refreshToken(second), report));
        report.refused(
                ServiceError.INVALID_GRANT,
                service.refresh(stage.credentials(), refreshToken(second), null, report.rayId()));
        report.expect("and cannot be used any more", true);
    }
}
