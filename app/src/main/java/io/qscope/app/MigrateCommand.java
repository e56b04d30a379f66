package io.qscope.app;

import io.qscope.store.MigrationScript;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings a storage's schema up to this release. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        versionProvider = Qscope.Version.class,
        description =
                "Brings the schema of a storage up to this release; with --show, only prints the SQL that would run.",
        footer = {"", "Example:", "  qscope migrate --show"})
final class MigrateCommand implements Runnable {

    private final Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private StorageOption storage;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Output output;

    @Option(names = "--show", description = "Print the pending SQL, and change nothing.")
    private boolean show;

    MigrateCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        List<MigrationScript> pending = storage.pendingMigrations();
        if (show) {
            show(pending);
            return;
        }
        String version = storage.runMigrations().to();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("applied", pending.stream().map(MigrationScript::version).toList());
        view.put("schema_version", version.isEmpty() ? null : version);
        output.one(console, view);
    }

    private void show(List<MigrationScript> pending) {
        if (output.isJson()) {
            output.many(console, pending.stream().map(MigrateCommand::row).toList());
            return;
        }
        if (pending.isEmpty()) {
            console.warn("the schema is up to date");
        }
        for (MigrationScript script : pending) {
            console.line("-- version " + script.version() + ": " + script.description());
            console.line(script.sql());
        }
    }

    private static Map<String, Object> row(MigrationScript script) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("version", script.version());
        row.put("description", script.description());
        row.put("sql", script.sql());
        return row;
    }
}
