package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.Session;
import picocli.CommandLine.Command;

/** Enables a client. */
@Command(
        name = "enable",
        description = "A client may be used again.",
        footer = {"", "Example:", "  qscope client enable my-app"})
final class EnableClient extends NamedClient {

    EnableClient(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        ClientView.of(session.value(
                                session.services().clients().enable(clientIdentifier(), session.by(), session.ray()))));
    }
}
