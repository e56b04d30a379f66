package io.qscope.app.client;

import io.qscope.app.CommandGroup;
import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Registered clients (RFC 6749 §2). */
@Command(name = "client", description = "Registers clients and looks after them.")
public final class ClientCommands extends CommandGroup {

    private ClientCommands() {}

    /** The command with all below it. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new ClientCommands())
                .addSubcommand(new CreateClient(console))
                .addSubcommand(new ListClients(console))
                .addSubcommand(new ShowClient(console))
                .addSubcommand(new UpdateClient(console))
                .addSubcommand(new EnableClient(console))
                .addSubcommand(new DisableClient(console))
                .addSubcommand(new RotateClientSecret(console))
                .addSubcommand(new RevokeClient(console))
                .addSubcommand(new DeleteClient(console));
    }
}
