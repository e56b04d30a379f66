package io.qscope.app.audit;

import io.qscope.app.CommandGroup;
import io.qscope.app.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The audit log. */
@Command(name = "audit", description = "Reads the audit log, verifies it and exports it.")
public final class AuditCommands extends CommandGroup {

    private AuditCommands() {}

    /** The command with all below it. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new AuditCommands())
                .addSubcommand(new TailAudit(console))
                .addSubcommand(new RayAudit(console))
                .addSubcommand(new VerifyAudit(console))
                .addSubcommand(new CheckpointAudit(console))
                .addSubcommand(new ExportAudit(console));
    }
}
