package io.qscope.app.authorization;

import io.qscope.app.CommandGroup;
import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Authorizations: what a user granted once, the root of a family of codes and tokens. */
@Command(
        name = "authorization",
        description = "Lists authorizations, shows them and revokes them with all their tokens.")
public final class AuthorizationCommands extends CommandGroup {

    private AuthorizationCommands() {}

    /** The command with all below it. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new AuthorizationCommands())
                .addSubcommand(new ListAuthorizations(console))
                .addSubcommand(new ShowAuthorization(console))
                .addSubcommand(new RevokeAuthorization(console));
    }
}
