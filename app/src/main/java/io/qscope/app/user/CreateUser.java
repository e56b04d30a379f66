package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes an account. */
@Command(
        name = "create",
        description =
                "Makes an account that somebody can sign in with; the password is asked for, or read from the standard input.",
        footer = {"", "Example:", "  qscope user create alice < password.txt"})
final class CreateUser extends SessionCommand {

    @Parameters(paramLabel = "USERNAME", description = "The name that the user signs in with.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String username;

    CreateUser(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        UserView.of(session.value(session.services()
                                .users()
                                .create(
                                        username,
                                        SecretInput.read("password", spec()),
                                        Map.of(),
                                        session.by(),
                                        session.ray()))));
    }
}
