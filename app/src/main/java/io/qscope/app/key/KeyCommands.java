package io.qscope.app.key;

import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The key ring, which is held outside the database. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Makes a key ring, and rotates its keys.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Rotating, when several servers share a storage: \"add\" and give all of them the file; \"add --writing\" or",
            "\"use\" and give it to them again; later \"retire\", which refuses while anything needs the old key."
        })
public final class KeyCommands implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private KeyCommands() {}

    /** The command with all below it. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new KeyCommands())
                .addSubcommand(new GenerateKeys(console))
                .addSubcommand(new ListKeys(console))
                .addSubcommand(new AddKey(console))
                .addSubcommand(new UseKey(console))
                .addSubcommand(new RetireKey(console));
    }

    /** Called when no command was named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
