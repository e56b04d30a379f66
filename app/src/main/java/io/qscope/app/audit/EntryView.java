package io.qscope.app.audit;

import io.qscope.app.Console;
import io.qscope.app.Output;
import io.qscope.model.AuditLog;
import io.qscope.service.AuditService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Audit entries as the command shows them: a table for people; for programs whole entries, a JSON object a line. */
final class EntryView {

    private static final String[] COLUMNS = {"created_at", "event_type", "subject", "client_id", "by", "ray_id"};

    private EntryView() {}

    static void show(List<AuditLog> entries, Output output, Console console) {
        if (output.isJson()) {
            entries.forEach(entry -> console.line(AuditService.toJson(entry)));
        } else {
            output.many(console, entries.stream().map(EntryView::row).toList(), COLUMNS);
        }
    }

    /** One entry in one line, for a log that is followed. */
    static void follow(AuditLog entry, Output output, Console console) {
        if (output.isJson()) {
            console.line(AuditService.toJson(entry));
            return;
        }
        StringBuilder line = new StringBuilder();
        row(entry)
                .values()
                .forEach(value -> line.append(value == null ? "-" : value).append("  "));
        console.line(Console.withoutControls(line.toString().strip()));
    }

    private static Map<String, @Nullable Object> row(AuditLog entry) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("created_at", entry.createdAt().toString());
        row.put("event_type", entry.eventType());
        row.put("subject", entry.subject());
        row.put("client_id", entry.clientId());
        row.put("by", entry.createdBy());
        row.put("ray_id", entry.rayId().value());
        return row;
    }
}
