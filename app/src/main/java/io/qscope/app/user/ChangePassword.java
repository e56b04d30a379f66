package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Gives an account another password. */
@Command(
        name = "password",
        description =
                "Gives an account another password, which is asked for, or read from the standard input. What was granted stays.",
        footer = {"", "Example:", "  qscope user password alice < password.txt"})
final class ChangePassword extends SessionCommand {

    @Parameters(paramLabel = "USERNAME", description = "The name that the user signs in with.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String username;

    ChangePassword(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        UserView.of(session.value(session.services()
                                .users()
                                .changePassword(
                                        username,
                                        SecretInput.read("new password", spec()),
                                        session.by(),
                                        session.ray()))));
    }
}
