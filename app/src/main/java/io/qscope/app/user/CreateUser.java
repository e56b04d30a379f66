package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.model.UserAccount;
import io.qscope.result.Result;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

/** Makes an account. */
@Command(
        name = "create",
        description =
                "Makes an account that somebody can sign in with; the password is asked for, or read from the standard input.",
        footer = {"", "Example:", "  qscope user create alice < password.txt"})
final class CreateUser extends NamedUser {

    CreateUser(Console console) {
        super(console);
    }

    @Override
    CompletableFuture<Result<UserAccount>> done(String username, Session session) {
        return session.services()
                .users()
                .create(username, SecretInput.read("password", spec()), Map.of(), session.by(), session.ray());
    }
}
