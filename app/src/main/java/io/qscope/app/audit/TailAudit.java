package io.qscope.app.audit;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.app.TimeOption;
import io.qscope.model.AuditLog;
import io.qscope.model.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the newest entries. */
@Command(
        name = "tail",
        description = "Shows the newest entries of the audit log, oldest first; of a user, with --user.",
        footer = {"", "Examples:", "  qscope audit tail -n 50", "  qscope audit tail --since 6h --user alice --json"})
final class TailAudit extends SessionCommand {

    /** Entries of this age may still come: the clocks of several servers differ, and commits take a moment. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final long EVERY_MILLIS = 500;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "20",
            description = "How many (default: ${DEFAULT-VALUE}); with --since or --user at most so many.")
    private int lines;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Only from then on: 2026-11-24T12:00:00Z, or how long ago: 90s, 15m, 6h, 30d.")
    private @Nullable Instant since;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Only entries of that user; the log knows users by keyed digests, so the key ring is needed.")
    private @Nullable String user;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on showing new entries until interrupted.")
    private boolean follow;

    TailAudit(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        if (lines < 1) {
            throw wrong("-n takes a number of entries, at least 1");
        }
    }

    @Override
    protected void run(Session session) {
        Predicate<AuditLog> wanted = wanted(session);
        Instant begun = Instant.now();
        // Known before the listing: what a short listing leaves out is no news, and what is committed meanwhile is.
        Set<String> known = follow ? since(session, begun.minus(LATE), entry -> {}) : Set.of();
        List<AuditLog> entries = since == null && user == null
                ? session.awaitLong(session.services().audit().latest(lines, session.ray()))
                : selected(session, wanted);
        EntryView view = new EntryView(session, output());
        view.show(entries);
        if (follow) {
            entries.forEach(entry -> known.add(entry.id()));
            follow(session, view, wanted, known, begun);
        }
    }

    private Predicate<AuditLog> wanted(Session session) {
        if (user == null) {
            return entry -> true;
        }
        Set<String> references = new HashSet<>(session.services().audit().referencesTo(user));
        return entry -> entry.userId() != null && references.contains(entry.userId());
    }

    private List<AuditLog> selected(Session session, Predicate<AuditLog> wanted) {
        ArrayDeque<AuditLog> found = new ArrayDeque<>();
        session.awaitLong(session.services()
                .audit()
                .walk(
                        since == null ? Limits.EARLIEST : since,
                        Limits.LATEST,
                        entry -> {
                            if (wanted.test(entry)) {
                                found.add(entry);
                                if (found.size() > lines) {
                                    found.removeFirst();
                                }
                            }
                        },
                        session.ray()));
        return List.copyOf(found);
    }

    /**
     * Reads again and again what may have come since the last time, which may be long ago when the process was stopped
     * meanwhile, and shows what was not there before. Ends when nobody reads on.
     */
    private void follow(Session session, EntryView view, Predicate<AuditLog> wanted, Set<String> known, Instant begun) {
        Instant lastTime = begun;
        while (!Thread.currentThread().isInterrupted() && console().reachesItsReader()) {
            Instant now = Instant.now();
            List<AuditLog> fresh = new ArrayList<>();
            Set<String> recent = since(session, lastTime.minus(LATE), entry -> {
                if (wanted.test(entry) && !known.contains(entry.id())) {
                    fresh.add(entry);
                }
            });
            // Not in the listing, which tells them on a thread of the storage's: showing one asks the storage for its
            // client.
            fresh.forEach(view::follow);
            known.retainAll(recent);
            known.addAll(recent);
            lastTime = now;
            pause();
        }
    }

    /** Shows what is in the log since then; its ids. */
    private static Set<String> since(Session session, Instant from, Consumer<AuditLog> each) {
        Set<String> ids = new HashSet<>();
        session.awaitLong(session.services()
                .audit()
                .walk(
                        from,
                        Limits.LATEST,
                        entry -> {
                            ids.add(entry.id());
                            each.accept(entry);
                        },
                        session.ray()));
        return ids;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
