package io.qscope.app.token;

import io.qscope.app.CommandGroup;
import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Tokens and codes that somebody has in hand. */
@Command(
        name = "token",
        description = {
            "Tells what a token or code is, and revokes it.",
            "It is read from the standard input, or asked for at a terminal; as an argument every process could read it."
        })
public final class TokenCommands extends CommandGroup {

    private TokenCommands() {}

    /** The command with all below it. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new TokenCommands())
                .addSubcommand(new InspectToken(console))
                .addSubcommand(new RevokeToken(console));
    }
}
