package io.qscope.app.user;

import io.qscope.app.ConfirmOption;
import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Erases a user. */
@Command(
        name = "erase",
        description = {
            "Deletes a user's account, authorizations, codes, tokens and consents: a request to be forgotten.",
            "The audit log stays; it knows people by keyed digests, not by name."
        },
        footer = {"", "Example:", "  qscope user erase alice --yes"})
final class EraseUser extends SessionCommand {

    @Parameters(paramLabel = "USER", description = "The user's id, as the server passes it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String user;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    EraseUser(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        confirm.ask("Delete everything of " + user + "? This cannot be undone.");
    }

    @Override
    protected void run(Session session) {
        int rows = session.value(session.services().operator().eraseUser(user, session.by(), session.ray()));
        output().one(console(), Map.of("deleted", rows));
    }
}
