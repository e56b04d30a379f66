package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a user not sign in. */
@Command(
        name = "disable",
        description =
                "The user may not sign in until enabled again. What was granted stays; revoke it by qscope user revoke.",
        footer = {"", "Example:", "  qscope user disable alice"})
final class DisableUser extends SessionCommand {

    @Parameters(paramLabel = "USERNAME", description = "The name that the user signs in with.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String username;

    DisableUser(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        UserView.of(session.value(
                                session.services().users().disable(username, session.by(), session.ray()))));
    }
}
