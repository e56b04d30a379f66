package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.model.UserAccount;
import io.qscope.result.Result;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

/** Lets a user sign in again. */
@Command(
        name = "enable",
        description = "The user may sign in again.",
        footer = {"", "Example:", "  qscope user enable alice"})
final class EnableUser extends NamedUser {

    EnableUser(Console console) {
        super(console);
    }

    @Override
    CompletableFuture<Result<UserAccount>> done(String username, Session session) {
        return session.services().users().enable(username, session.by(), session.ray());
    }
}
