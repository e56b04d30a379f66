package io.qscope.app.client;

import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Registered clients (RFC 6749 §2). */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "Registers clients and looks after them.",
        synopsisSubcommandLabel = "COMMAND")
public final class ClientCommands implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

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
                .addSubcommand(new DeleteClient(console));
    }

    /** Called when no command was named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
