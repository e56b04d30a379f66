package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.model.UserAccount;
import io.qscope.result.Result;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

/** Gives an account another password. */
@Command(
        name = "password",
        description =
                "Gives an account another password, which is asked for, or read from the standard input. What was granted stays.",
        footer = {"", "Example:", "  qscope user password alice < password.txt"})
final class ChangePassword extends NamedUser {

    ChangePassword(Console console) {
        super(console);
    }

    @Override
    CompletableFuture<Result<UserAccount>> done(String username, Session session) {
        return session.services()
                .users()
                .changePassword(username, SecretInput.read("new password", spec()), session.by(), session.ray());
    }
}
