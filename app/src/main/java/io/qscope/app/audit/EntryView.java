package io.qscope.app.audit;

import io.qscope.app.Console;
import io.qscope.app.KnownClients;
import io.qscope.app.Output;
import io.qscope.app.Session;
import io.qscope.model.AuditLog;
import io.qscope.service.AuditService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Audit entries as the command shows them. For people a table, in which a client is called by its {@code client_id}, or by its
 * row's id once it was deleted; for programs whole entries as they are stored, a JSON object a line.
 */
final class EntryView {

    private static final String[] COLUMNS = {"created_at", "event_type", "subject", "client", "by", "ray_id"};

    private final KnownClients clients;
    private final Console console;
    private final Output output;

    EntryView(Session session, Output output) {
        this.clients = new KnownClients(session);
        this.console = session.console();
        this.output = output;
    }

    void show(List<AuditLog> entries) {
        if (output.isJson()) {
            entries.forEach(entry -> console.line(AuditService.toJson(entry)));
        } else {
            output.many(console, entries.stream().map(this::row).toList(), COLUMNS);
        }
    }

    /** One entry in one line, for a log that is followed. */
    void follow(AuditLog entry) {
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

    private Map<String, @Nullable Object> row(AuditLog entry) {
        String client = entry.clientId();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("created_at", entry.createdAt().toString());
        row.put("event_type", entry.eventType());
        row.put("subject", entry.subject());
        row.put("client", client == null ? null : clients.identifier(client).orElse(client));
        row.put("by", entry.createdBy());
        row.put("ray_id", entry.rayId().value());
        return row;
    }
}
