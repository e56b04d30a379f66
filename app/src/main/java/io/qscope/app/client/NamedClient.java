package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.SessionCommand;
import picocli.CommandLine.Parameters;

/** What the commands for one client share. */
abstract class NamedClient extends SessionCommand {

    @Parameters(paramLabel = "CLIENT_ID", description = "Its client_id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String clientIdentifier;

    NamedClient(Console console) {
        super(console);
    }

    final String clientIdentifier() {
        return clientIdentifier;
    }
}
