package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.model.UserAccount;
import io.qscope.result.Result;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

/** Lets a user not sign in. */
@Command(
        name = "disable",
        description =
                "The user may not sign in until enabled again. What was granted stays; revoke it by qscope user revoke.",
        footer = {"", "Example:", "  qscope user disable alice"})
final class DisableUser extends NamedUser {

    DisableUser(Console console) {
        super(console);
    }

    @Override
    CompletableFuture<Result<UserAccount>> done(String username, Session session) {
        return session.services().users().disable(username, session.by(), session.ray());
    }
}
