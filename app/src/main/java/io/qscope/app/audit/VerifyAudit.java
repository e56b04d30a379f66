package io.qscope.app.audit;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.FileProblem;
import io.qscope.app.Progress;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.audit.AuditCheckpoint;
import io.qscope.audit.AuditFinding;
import io.qscope.audit.AuditKeyUse;
import io.qscope.audit.AuditReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Verifies the audit log. */
@Command(
        name = "verify",
        description = {
            "Verifies that the audit log is what was written: nothing changed, deleted, inserted or moved.",
            "With the latest checkpoint, also that nothing is missing at its end."
        },
        footer = {
            "",
            "Exit codes: 0 intact; 1 not intact. A chain that ended unclosed is a process that was killed, or still runs.",
            "Example:",
            "  qscope audit verify --checkpoint /mnt/elsewhere/checkpoint.txt"
        })
final class VerifyAudit extends SessionCommand {

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "A checkpoint that was kept elsewhere; repeat for several.")
    private List<Path> checkpoints = List.of();

    VerifyAudit(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        List<AuditCheckpoint> kept = new ArrayList<>();
        for (Path file : checkpoints) {
            kept.add(read(file, session));
        }
        AuditReport report;
        try (Progress progress = new Progress(console(), "entries read")) {
            report = session.awaitLong(session.services().audit().verify(kept, progress, session.ray()));
        }
        show(report);
        if (!report.isIntact()) {
            long count = report.findings().size() + report.furtherFindings();
            throw new CommandFailure(
                    "the audit log is NOT intact: " + count + (count == 1 ? " finding" : " findings")
                            + "; keep the database as it is, see docs/audit.md",
                    null);
        }
    }

    private void show(AuditReport report) {
        Map<String, @Nullable Object> view = view(report);
        List<Map<String, @Nullable Object>> keys =
                report.keys().stream().map(VerifyAudit::row).toList();
        List<Map<String, @Nullable Object>> findings =
                report.findings().stream().map(VerifyAudit::row).toList();
        if (output().isJson()) {
            view.put("keys", keys);
            view.put("findings", findings);
            output().one(console(), view);
            return;
        }
        output().one(console(), view);
        table(keys, "key", "entries", "newest");
        table(findings, "kind", "chain", "sequence", "entry_id", "words");
    }

    private void table(List<Map<String, @Nullable Object>> rows, String... columns) {
        if (!rows.isEmpty()) {
            console().line("");
            output().many(console(), rows, columns);
        }
    }

    private AuditCheckpoint read(Path file, Session session) {
        try {
            return AuditCheckpoint.parse(Files.readString(file), session.keys());
        } catch (IOException e) {
            throw new CommandFailure("the checkpoint " + file + " cannot be read: " + FileProblem.in(e), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(file + ": " + e.getMessage(), e);
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

    private static Map<String, @Nullable Object> row(AuditFinding finding) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("kind", finding.kind().name());
        row.put("chain", finding.chain());
        row.put("sequence", finding.sequence());
        row.put("entry_id", finding.entryId());
        row.put("words", finding.words());
        return row;
    }
}
