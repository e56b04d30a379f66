package io.qscope.app.client;

import io.qscope.app.ConfirmOption;
import io.qscope.app.Console;
import io.qscope.app.Session;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes a client. */
@Command(
        name = "delete",
        description = "Deletes a client with all its authorizations, codes and tokens. The audit log stays.",
        footer = {"", "Example:", "  qscope client delete my-app --yes"})
final class DeleteClient extends NamedClient {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    DeleteClient(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        confirm.ask("Delete client " + clientIdentifier() + " with everything that was issued to it?");
    }

    @Override
    protected void run(Session session) {
        session.done(session.services().clients().delete(clientIdentifier(), session.by(), session.ray()));
        output().one(console(), Map.of("deleted", clientIdentifier()));
    }
}
