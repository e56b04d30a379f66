package io.qscope.app.audit;

import io.qscope.app.Console;
import io.qscope.app.Progress;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.app.TimeOption;
import io.qscope.model.Limits;
import io.qscope.service.AuditService;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exports the audit log. */
@Command(
        name = "export",
        description = "Writes the audit log as JSON lines, every field of every entry, by time.",
        footer = {"", "Example:", "  qscope audit export --since 2026-11-01T00:00:00Z --out november.jsonl"})
final class ExportAudit extends SessionCommand {

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "From then on: 2026-11-24T12:00:00Z, or how long ago: 90s, 15m, 6h, 30d.")
    private Instant since = Limits.EARLIEST;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Up to then, that moment left out.")
    private Instant until = Limits.LATEST;

    @Option(names = "--out", paramLabel = "FILE", description = "Write it to a new file.")
    private @Nullable Path out;

    ExportAudit(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        if (!since.isBefore(until)) {
            throw wrong("--since must be before --until: no entry is from then");
        }
    }

    @Override
    protected void run(Session session) {
        if (out == null) {
            export(session, console()::line);
            return;
        }
        FileOutput.write(out, file -> export(session, file::line));
    }

    private void export(Session session, Consumer<String> line) {
        AtomicLong written = new AtomicLong();
        try (Progress progress = new Progress(console(), "entries written")) {
            session.awaitLong(session.services()
                    .audit()
                    .walk(
                            since,
                            until,
                            entry -> {
                                line.accept(AuditService.toJson(entry));
                                progress.accept(written.incrementAndGet());
                            },
                            session.ray()));
        }
    }
}
