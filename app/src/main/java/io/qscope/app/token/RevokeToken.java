package io.qscope.app.token;

import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Revokes a token or code. */
@Command(
        name = "revoke",
        description = "Revokes an access token alone; a refresh token, a code or a device code with its whole family.",
        footer = {"", "Example:", "  qscope token revoke < token.txt"})
final class RevokeToken extends SessionCommand {

    private @Nullable String token;

    RevokeToken(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        token = SecretInput.read("token", spec());
    }

    @Override
    protected void run(Session session) {
        session.done(session.services().operator().revokeToken(String.valueOf(token), session.by(), session.ray()));
        output().one(console(), Map.of("revoked", true));
    }
}
