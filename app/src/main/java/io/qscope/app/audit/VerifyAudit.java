package io.qscope.app.audit;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.Progress;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.audit.AuditCheckpoint;
import io.qscope.audit.AuditKeyUse;
import io.qscope.audit.AuditReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Verifies the audit log. */
@Command(
        name = "verify",
        description = {
            "Verifies that the audit log is what was written: nothing changed, deleted, inserted or moved.",
            "With the checkpoints that were kept, also that nothing is missing at its end."
        },
        footer = {
            "",
            "Exit codes: 0 intact, or nothing found but what a checkpoint acknowledges; 1 not intact.",
            "A chain that ended unclosed is a process that was killed, or still runs.",
            "Example:",
            "  qscope audit verify --against /mnt/elsewhere/*.checkpoint"
        })
final class VerifyAudit extends SessionCommand {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private KeptCheckpoints checkpoints;

    VerifyAudit(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        List<AuditCheckpoint> kept = checkpoints.read(session);
        AuditReport report;
        try (Progress progress = new Progress(console(), "entries read")) {
            report = session.awaitLong(session.services().audit().verify(kept, progress, session.ray()));
        }
        show(report);
        if (!report.isIntact()) {
            long count = report.findings().size() + report.furtherFindings();
            throw new CommandFailure(
                    "the audit log is NOT intact: " + Findings.count(count)
                            + "; keep the database as it is, see docs/audit.md",
                    null);
        }
    }

    private void show(AuditReport report) {
        Map<String, @Nullable Object> view = view(report);
        List<Map<String, @Nullable Object>> keys =
                report.keys().stream().map(VerifyAudit::row).toList();
        List<Map<String, @Nullable Object>> findings = Findings.rows(report.findings());
        List<Map<String, @Nullable Object>> acknowledged = Findings.rows(report.acknowledged());
        if (output().isJson()) {
            view.put("keys", keys);
            view.put("findings", findings);
            view.put("acknowledged", acknowledged);
            output().one(console(), view);
            return;
        }
        view.put("acknowledged", acknowledged.size());
        output().one(console(), view);
        table(keys, "key", "entries", "newest");
        table(findings, Findings.COLUMNS);
        if (!acknowledged.isEmpty()) {
            console().line("");
            console().line("acknowledged:");
            output().many(console(), acknowledged, Findings.COLUMNS);
        }
    }

    private void table(List<Map<String, @Nullable Object>> rows, String... columns) {
        if (!rows.isEmpty()) {
            console().line("");
            output().many(console(), rows, columns);
        }
    }

    private static Map<String, @Nullable Object> view(AuditReport report) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("intact", report.isIntact());
        view.put("entries", report.entries());
        view.put("before_first_chain", report.beforeFirstChain());
        view.put("chains", report.chains());
        view.put("closed", report.closed());
        view.put("unclosed", report.unclosed());
        view.put("further_heads", report.furtherHeads());
        view.put("unchecked_heads", report.uncheckedHeads());
        view.put("further_findings", report.furtherFindings());
        return view;
    }

    private static Map<String, @Nullable Object> row(AuditKeyUse use) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("key", use.keyId());
        row.put("entries", use.entries());
        row.put("newest", use.newest());
        return row;
    }
}
