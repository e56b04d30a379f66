package io.qscope.app;

import io.qscope.key.Key;
import io.qscope.store.Guarantee;
import io.qscope.store.Health;
import io.qscope.store.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Tells how a storage is. */
@Command(
        name = "status",
        description = {
            "Tells what a storage is, how fast it answers, what it guarantees, and how many rows it has.",
            "Counting rows reads whole tables: on a large server storage it takes a while."
        },
        footer = {"", "Example, for monitoring:", "  qscope status --json | jq .latency_millis"})
final class StatusCommand extends SessionCommand {

    private static final int PROBES = 9;
    private static final double NANOS_PER_MILLI = 1e6;

    StatusCommand(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        List<Duration> latencies = new ArrayList<>();
        Health health = session.await(session.storage().health(session.ray()));
        for (int i = 0; i < PROBES; i++) {
            health = session.await(session.storage().health(session.ray()));
            latencies.add(health.latency());
        }
        Collections.sort(latencies);
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("storage", storageOption().shown());
        view.put("engine", health.engine());
        view.put("schema_version", health.schemaVersion().isEmpty() ? null : health.schemaVersion());
        view.put("latency_millis", Math.round(latencies.get(PROBES / 2).toNanos() / NANOS_PER_MILLI * 100) / 100.0);
        view.put("keys", session.keys().readable().stream().map(Key::id).toList());
        guarantees(session, view);
        Map<TableName, Long> rows = session.await(session.storage().rowCounts(session.ray()));
        Map<String, Long> named = new LinkedHashMap<>();
        for (TableName table : TableName.values()) {
            named.put(table.toString(), rows.get(table));
        }
        if (output().isJson()) {
            view.put("rows", named);
        } else {
            view.putAll(named);
        }
        output().one(console(), view);
    }

    private static void guarantees(Session session, Map<String, @Nullable Object> view) {
        List<String> kept = new ArrayList<>();
        Map<String, String> missing = new LinkedHashMap<>();
        for (Guarantee guarantee : Guarantee.values()) {
            session.storage()
                    .guarantees()
                    .reasonAgainst(guarantee)
                    .ifPresentOrElse(reason -> missing.put(guarantee.name(), reason), () -> kept.add(guarantee.name()));
        }
        view.put("guarantees", kept);
        view.put("not_guaranteed", missing);
    }
}
