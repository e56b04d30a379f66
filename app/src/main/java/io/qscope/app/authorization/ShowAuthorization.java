package io.qscope.app.authorization;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows an authorization. */
@Command(
        name = "show",
        description = "Shows an authorization.",
        footer = {"", "Example:", "  qscope authorization show 0193f7a2-5c1e-7b1a-9d3c-0123456789ab"})
final class ShowAuthorization extends SessionCommand {

    @Parameters(paramLabel = "ID", description = "Its id, as tokens and the audit log name it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    ShowAuthorization(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        new AuthorizationView(session)
                                .of(session.value(session.services().operator().authorization(id, session.ray()))));
    }
}
