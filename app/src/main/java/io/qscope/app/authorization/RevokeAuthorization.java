package io.qscope.app.authorization;

import io.qscope.app.ConfirmOption;
import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Revokes an authorization. */
@Command(
        name = "revoke",
        description = "Revokes an authorization with every code and token that descends from it, for good.",
        footer = {"", "Example:", "  qscope authorization revoke 0193f7a2-5c1e-7b1a-9d3c-0123456789ab --yes"})
final class RevokeAuthorization extends SessionCommand {

    @Parameters(paramLabel = "ID", description = "Its id, as tokens and the audit log name it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    RevokeAuthorization(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        confirm.ask("Revoke authorization " + id + " with all its tokens?");
    }

    @Override
    protected void run(Session session) {
        session.done(session.services().operator().revokeAuthorization(id, session.by(), session.ray()));
        output().one(console(), Map.of("revoked", id));
    }
}
