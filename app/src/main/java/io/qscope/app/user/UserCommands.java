package io.qscope.app.user;

import io.qscope.app.CommandGroup;
import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What users have granted. */
@Command(name = "user", description = "Shows what a user has granted, revokes it, or erases the user.")
public final class UserCommands extends CommandGroup {

    private UserCommands() {}

    /** The command with all below it. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new UserCommands())
                .addSubcommand(new ShowUser(console))
                .addSubcommand(new RevokeUser(console))
                .addSubcommand(new EraseUser(console));
    }
}
