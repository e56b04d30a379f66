package io.qscope.app.user;

import io.qscope.app.CommandGroup;
import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Users who can sign in, and what users have granted. */
@Command(
        name = "user",
        description = "Looks after users who can sign in; shows and revokes what users have granted; erases users.")
public final class UserCommands extends CommandGroup {

    private UserCommands() {}

    /** The command with all below it. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new UserCommands())
                .addSubcommand(new CreateUser(console))
                .addSubcommand(new ListUsers(console))
                .addSubcommand(new ChangePassword(console))
                .addSubcommand(new EnableUser(console))
                .addSubcommand(new DisableUser(console))
                .addSubcommand(new ShowUser(console))
                .addSubcommand(new RevokeUser(console))
                .addSubcommand(new EraseUser(console));
    }
}
