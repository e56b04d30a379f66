package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.Session;
import picocli.CommandLine.Command;

/** Disables a client. */
@Command(
        name = "disable",
        description = "Neither the client nor what was issued to it may be used, until it is enabled again.",
        footer = {"", "Example:", "  qscope client disable my-app"})
final class DisableClient extends NamedClient {

    DisableClient(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        output().one(
                        console(),
                        ClientView.of(session.value(session.services()
                                .clients()
                                .disable(clientIdentifier(), session.by(), session.ray()))));
    }
}
