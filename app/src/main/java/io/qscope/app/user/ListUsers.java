package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.LimitOption;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.UserAccount;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists accounts. */
@Command(
        name = "list",
        description = "Lists the users who can sign in, in the order in which they were made.",
        footer = {"", "Example:", "  qscope user list --json | jq -r '.[].username'"})
final class ListUsers extends SessionCommand {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LimitOption limit;

    ListUsers(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        limit.check();
    }

    @Override
    protected void run(Session session) {
        List<UserAccount> accounts =
                limit.rows(session, page -> session.services().users().list(page, session.ray()));
        output().many(
                        console(),
                        accounts.stream().map(UserView::of).toList(),
                        "username",
                        "enabled",
                        "password_scheme",
                        "created_at");
    }
}
