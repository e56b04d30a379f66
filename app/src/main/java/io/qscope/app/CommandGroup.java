package io.qscope.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A noun, with the commands for it below: alone it does nothing. */
@Command(mixinStandardHelpOptions = true, versionProvider = Qscope.Version.class, synopsisSubcommandLabel = "COMMAND")
public abstract class CommandGroup implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Called when no command was named. */
    @Override
    public final void run() {
        throw new WrongUsage(spec.commandLine(), "a command is missing");
    }
}
