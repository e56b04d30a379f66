package io.qscope.app.key;

import io.qscope.app.CommandGroup;
import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The key ring, which is held outside the database. */
@Command(
        name = "key",
        description = "Makes a key ring, and rotates its keys.",
        footer = {
            "",
            "Rotating, when several servers share a storage: \"add\" and give all of them the file; \"add --writing\" or",
            "\"use\" and give it to them again; later \"retire\", which refuses while anything needs the old key."
        })
public final class KeyCommands extends CommandGroup {

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
}
