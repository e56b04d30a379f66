package io.qscope.app.audit;

import io.qscope.app.Console;
import io.qscope.app.Progress;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.audit.AuditCheckpoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a checkpoint of the audit log. */
@Command(
        name = "checkpoint",
        description = {
            "Verifies the audit log and prints a signed checkpoint of where it stands.",
            "Keep it where whoever can write to the database cannot: it finds what is missing at the log's end later."
        },
        footer = {"", "Example, from cron:", "  qscope audit checkpoint --out /mnt/elsewhere/$(date +%F).checkpoint"})
final class CheckpointAudit extends SessionCommand {

    @Option(names = "--out", paramLabel = "FILE", description = "Write it to a new file.")
    private @Nullable Path out;

    CheckpointAudit(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        AuditCheckpoint checkpoint;
        try (Progress progress = new Progress(console(), "entries read")) {
            checkpoint = session.awaitLong(session.services().audit().checkpoint(progress, session.ray()));
        }
        if (out == null) {
            console().line(checkpoint.toText().strip());
        } else {
            try (FileOutput file = new FileOutput(out)) {
                file.line(checkpoint.toText().strip());
            }
        }
    }
}
