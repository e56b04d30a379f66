package io.qscope.app;

import io.qscope.app.demo.Demo;
import io.qscope.key.KeyRing;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Guarantee;
import io.qscope.store.Guarantees;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plays the flows through the services, on a storage. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Qscope.Version.class,
        description = {
            "Plays the flows of OAuth 2.0 through the services, step by step, and checks each step's result.",
            "It stores a new client with each run, and leaves other rows alone."
        },
        footer = {"", "Exit codes: 0 all steps passed; 1 a step failed; 2 wrong usage; 3 the storage cannot be used."})
final class DemoCommand implements Runnable {

    private final Console console;
    private final InstantSource clock;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private StorageOption storage;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private KeysOption keys;

    @Option(
            names = "--fresh",
            description =
                    "Start from an empty database: an existing qscope database file is moved aside, never deleted.")
    private boolean fresh;

    DemoCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public void run() {
        storage.check();
        if (fresh) {
            moveAside();
        }
        KeyRing ring = keys.ring(storage, console);
        try (Storage opened = storage.open(ring);
                Demo demo = Demo.on(opened, ring, clock, console)) {
            introduce(opened);
            demo.play();
            console.line("");
            console.line(console.green("All " + demo.size() + " steps passed."));
            leave();
        }
    }

    private void moveAside() {
        Path file = storage.sqliteFile()
                .orElseThrow(() -> storage.wrong("--fresh works on a SQLite database file only; "
                        + (storage.scheme().equals("memory")
                                ? "memory: is always fresh"
                                : "empty the database that --storage names by its own means")));
        SqliteFile.moveAside(file, clock.instant())
                .ifPresent(aside -> console.line("Moved the database aside, to " + aside));
    }

    private void introduce(Storage opened) {
        RayId ray = RayId.random();
        Slice<OAuthClient> clients =
                opened.clients().list(Page.first(Page.MOST), ray).join();
        int count = clients.rows().size();
        console.line(console.bold("qscope demo") + " on " + place() + " ("
                + opened.health(ray).join().engine() + ")");
        notPromised(opened.guarantees())
                .forEach((reason, which) ->
                        console.line("Not promised here: " + String.join(", ", which) + " (" + reason + ")"));
        if (count == 0) {
            console.line("A new database.");
        } else {
            console.line("Found an existing database, with " + (clients.next() == null ? "" : "more than ") + count
                    + (count == 1 ? " client" : " clients") + "; this run adds its own.");
        }
    }

    /** What the engine does not keep, in words, by the reason why. */
    private static Map<String, List<String>> notPromised(Guarantees guarantees) {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        for (Guarantee guarantee : Guarantee.values()) {
            String words = guarantee.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            guarantees
                    .reasonAgainst(guarantee)
                    .ifPresent(reason -> byReason.computeIfAbsent(reason, any -> new ArrayList<>())
                            .add(words));
        }
        return byReason;
    }

    private void leave() {
        Optional<Path> file = storage.sqliteFile();
        if (file.isPresent()) {
            leave(file.get());
        } else if (storage.scheme().equals("memory")) {
            console.line(
                    "memory: ends with this command; a plain \"" + command() + " demo\" keeps its data in a file.");
        } else {
            console.line("The data is in " + storage.shown());
        }
        console.line("Next:         README.md shows the same calls from Java");
    }

    private void leave(Path file) {
        String query = "select datetime(created_at / 1000, 'unixepoch'), event_type, user_id, ray_id"
                + " from oauth_audit_log";
        console.line("The data is in " + file.toAbsolutePath().normalize());
        console.line("Look at it, if sqlite3 is installed:");
        console.line("              sqlite3 " + quoted(file.toString()) + " \"" + query + "\"");
        console.line("Start anew:   " + command() + " demo --fresh"
                + (storage.isDefault() ? "" : " --storage " + quoted(storage.shown())));
    }

    /** What the user called, as the launcher tells it. */
    private static String command() {
        return quoted(Objects.requireNonNullElse(System.getenv("QSCOPE_COMMAND"), "qscope"));
    }

    private String place() {
        return storage.sqliteFile()
                .map(file -> file.toAbsolutePath().normalize().toString())
                .orElse(storage.shown());
    }

    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9_./:+-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
