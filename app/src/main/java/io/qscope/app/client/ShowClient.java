package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.Session;
import picocli.CommandLine.Command;

/** Shows a client. */
@Command(
        name = "show",
        description = "Shows a client; of its secrets only how they are hashed.",
        footer = {"", "Example:", "  qscope client show my-app"})
final class ShowClient extends NamedClient {

    ShowClient(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        ClientView.of(
                                session.value(session.services().clients().get(clientIdentifier(), session.ray()))));
    }
}
