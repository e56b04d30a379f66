package io.qscope.app.audit;

import io.qscope.app.ConfirmOption;
import io.qscope.app.Console;
import io.qscope.app.Progress;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.audit.AuditCheckpoint;
import io.qscope.audit.AuditReport;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a checkpoint of the audit log. */
@Command(
        name = "checkpoint",
        description = {
            "Verifies the audit log and prints a signed checkpoint of where it stands.",
            "Keep it where whoever can write to the database cannot: it finds what is missing at the log's end later."
        },
        footer = {
            "",
            "Example, from cron:",
            "  cd /mnt/elsewhere && qscope audit checkpoint --out $(date +%%F).checkpoint --against ."
        })
final class CheckpointAudit extends SessionCommand {

    @Option(names = "--out", paramLabel = "FILE", description = "Write it to a new file.")
    private @Nullable Path out;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private KeptCheckpoints checkpoints;

    @Option(
            names = "--acknowledge",
            description = {
                "Sign the findings that there are, once each is explained. Verified against this checkpoint, the log is",
                "intact but for new ones. Asks first."
            })
    private boolean acknowledge;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    CheckpointAudit(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        if (out == null) {
            console().line(made(session));
        } else {
            // Its file first: that it is there already is told before the log is read, which may take long.
            FileOutput.write(out, file -> file.line(made(session)));
        }
    }

    private String made(Session session) {
        List<AuditCheckpoint> kept = checkpoints.read(session);
        AuditCheckpoint checkpoint = acknowledge ? acknowledged(kept, session) : verified(kept, session);
        return checkpoint.toText().strip();
    }

    private AuditCheckpoint verified(List<AuditCheckpoint> kept, Session session) {
        try (Progress progress = new Progress(console(), "entries read")) {
            return session.awaitLong(session.services().audit().checkpoint(kept, progress, session.ray()));
        }
    }

    private AuditCheckpoint acknowledged(List<AuditCheckpoint> kept, Session session) {
        AuditReport report;
        try (Progress progress = new Progress(console(), "entries read")) {
            report = session.awaitLong(session.services().audit().verify(kept, progress, session.ray()));
        }
        report.findings().forEach(finding -> console().warn(finding.toString()));
        long count = report.findings().size() + report.furtherFindings();
        if (count > 0) {
            confirm.ask("sign " + Findings.count(count) + " as explained, not to be reported as new any more?");
        }
        return session.value(session.services().audit().acknowledge(report, session.ray()));
    }
}
