package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a user sign in again. */
@Command(
        name = "enable",
        description = "The user may sign in again.",
        footer = {"", "Example:", "  qscope user enable alice"})
final class EnableUser extends SessionCommand {

    @Parameters(paramLabel = "USERNAME", description = "The name that the user signs in with.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String username;

    EnableUser(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        UserView.of(session.value(
                                session.services().users().enable(username, session.by(), session.ray()))));
    }
}
