package io.qscope.bench;

import io.qscope.bench.Settings.Engine;
import io.qscope.bench.Settings.Peer;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.Loading;
import io.qscope.bench.data.PostgresqlTestbed;
import io.qscope.bench.data.SqliteTestbed;
import io.qscope.bench.data.Testbed;
import io.qscope.bench.load.Comparison;
import io.qscope.bench.load.Load;
import io.qscope.bench.load.Round;
import io.qscope.bench.load.Rounds;
import io.qscope.bench.load.Side;
import io.qscope.bench.report.Chart;
import io.qscope.bench.report.Json;
import io.qscope.bench.report.Result;
import io.qscope.bench.report.Table;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Purging;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Measures what the settings ask for, one comparison after the other, and shows it. */
final class Program {

    /** A purge of a million rows has to be done by then; a longer one is ended. */
    private static final double LONGEST_PURGE_SECONDS = 600;

    private final Settings settings;
    private final PrintWriter out;
    private final Progress progress;
    private final Cleanup cleanup;
    private final Table table;
    private final KeyRing keys = KeyRing.of(Key.generate("bench"));
    private final List<Result> results = new ArrayList<>();
    private final Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    Program(Settings settings, PrintWriter out, Progress progress, Cleanup cleanup) {
        this.settings = settings;
        this.out = out;
        this.progress = progress;
        this.cleanup = cleanup;
        this.table = new Table(out);
    }

    /** Nothing is kept of it unless all of it went well. */
    void run() throws Exception {
        introduce();
        progress.say("starting " + settings.engine().name().toLowerCase(Locale.ROOT));
        try (Testbed testbed = testbed()) {
            cleanup.lastly(testbed);
            progress.clear();
            testbed.introduce(out);
            for (int rows : settings.rows()) {
                measure(testbed, rows);
            }
        } finally {
            progress.clear();
        }
        table.summary(results);
        keep();
    }

    private void introduce() {
        out.printf(
                Locale.ROOT,
                "%s, Java %s on %s %s, %d processors, load %.2f%n",
                begun,
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        long turns = (long) settings.rows().size()
                * settings.operations().size()
                * settings.loads().size()
                * (settings.rounds() + settings.warmUps())
                * (settings.peer() == Peer.NONE ? 1 : 2);
        progress.expect(turns, settings.seconds());
        out.printf(
                Locale.ROOT,
                "%d rounds of %s s a side, after %d that do not count; %d comparisons%n",
                settings.rounds(),
                settings.seconds(),
                settings.warmUps(),
                settings.rows().size()
                        * settings.operations().size()
                        * settings.loads().size());
    }

    private Testbed testbed() throws IOException {
        @Nullable KeyRing chaining = settings.chained() ? keys : null;
        if (settings.engine() == Engine.SQLITE) {
            return new SqliteTestbed(
                    settings.folder(),
                    new SqliteTestbed.Settings(chaining, settings.readers(), settings.walAutocheckpoint()));
        }
        PostgresqlTestbed.Settings opened =
                new PostgresqlTestbed.Settings(chaining, settings.connections(), settings.readers());
        return settings.server() == null
                ? PostgresqlTestbed.started(settings.folder(), settings.serverSettings(), opened)
                : PostgresqlTestbed.at(settings.server(), opened);
    }

    private void measure(Testbed testbed, int rows) throws Exception {
        try (Ours ours = new Ours(settings, keys);
                DataSet data = load(testbed, rows)) {
            if (!hasDataOfItsOwn(testbed)) {
                measure(testbed, ours, data, data);
                return;
            }
            try (DataSet peers = load(testbed, settings.peerRows() > 0 ? settings.peerRows() : rows)) {
                if (settings.purge() > 0) {
                    loadExpired(peers); // which stay, so that both are of one size
                }
                measure(testbed, ours, data, peers);
            }
        }
    }

    /** Also beside ourselves: what is purged of one must not become less for the other. */
    private boolean hasDataOfItsOwn(Testbed testbed) {
        return settings.peer() == Peer.SELF || (settings.peer() != Peer.NONE && !testbed.isShared());
    }

    private DataSet load(Testbed testbed, int rows) throws Exception {
        progress.say(String.format(Locale.ROOT, "loading %,d rows", rows));
        long start = System.nanoTime();
        DataSet data = testbed.load(rows);
        progress.clear();
        out.printf(
                Locale.ROOT,
                "loaded %,d access tokens in %.1f s: %s%n",
                rows,
                (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1),
                data.size());
        return data;
    }

    private void measure(Testbed testbed, Ours ours, DataSet data, DataSet peersData) throws Exception {
        progress.say("making ready");
        ours.ready(data);
        if (settings.peer() == Peer.SELF) {
            ours.ready(peersData);
        }
        try (Peers peers = new Peers(settings, peersData, ours)) {
            progress.clear();
            for (Operation operation : settings.operations()) {
                for (Load load : settings.loads()) {
                    Peers.@Nullable Chosen peer = peers.choose(operation, load);
                    results.add(compare(testbed, ours, data, operation, load, peer, peersData));
                }
            }
        }
    }

    private Result compare(
            Testbed testbed,
            Ours ours,
            DataSet data,
            Operation operation,
            Load load,
            Peers.@Nullable Chosen peer,
            DataSet peersData)
            throws Exception {
        String peerName = settings.peer().name().toLowerCase(Locale.ROOT);
        String title = title(operation, load, data.sample().rows());
        Side side = ours.side("qscope", data, operation, load);
        @Nullable Purging purging = settings.purge() > 0 ? purging(side, data) : null;
        progress.clear();
        table.begin(title + (peer == null ? "" : "; " + peerName + ": " + peer.words()), peerName);
        Rounds rounds = new Rounds(
                settings.warmUps(),
                (long) (settings.seconds() * TimeUnit.SECONDS.toNanos(1)),
                testbed::checkpoints,
                new Told(title, peerName));
        @Nullable Side beside = peer == null ? null : peer.side();
        // Without the purge, which would otherwise have less to do in the rounds that count.
        rounds.warmUp(side, beside);
        Comparison comparison = purging == null
                ? rounds.compare(settings.rounds(), side, beside)
                : rounds.compareWhile(purging::next, purging, beside);
        progress.clear();
        Result result = new Result(
                testbed.engine(),
                operation,
                load,
                data.sample().rows(),
                settings.through(),
                peerName,
                peer == null ? 0 : peer.callers(),
                peersData.sample().rows(),
                comparison,
                purging == null ? null : purging.outcome());
        table.end(result);
        return result;
    }

    private Purging purging(Side side, DataSet data) throws Exception {
        long loaded = loadExpired(data);
        out.printf(Locale.ROOT, "%n%,d expired rows were loaded; rounds go on until they are purged%n", loaded);
        return new Purging(side, data.storage(), LONGEST_PURGE_SECONDS);
    }

    private long loadExpired(DataSet data) throws Exception {
        progress.say(String.format(Locale.ROOT, "loading %,d expired rows", settings.purge()));
        long loaded = Loading.expired(data, settings.purge());
        progress.clear();
        return loaded;
    }

    private String title(Operation operation, Load load, int rows) {
        return operation.word() + ", " + Table.load(load) + ", " + String.format(Locale.ROOT, "%,d rows", rows)
                + settings.through().title()
                + (settings.chained() ? "" : ", audit entries not chained");
    }

    private final class Told implements Rounds.Listener {

        private final String title;
        private final String peer;

        Told(String title, String peer) {
            this.title = title;
            this.peer = peer;
        }

        @Override
        public void turn(int round, String side) {
            progress.turn(title + ": " + (round == 0 ? "warming up" : "round " + round) + ", " + side);
        }

        @Override
        public void done(int number, Round round) {
            progress.clear();
            table.round(number, round, peer);
        }

        @Override
        public void leftOut(int number) {
            table.leftOut(number);
        }
    }

    private void keep() throws IOException {
        Path json = settings.json();
        if (json != null) {
            Files.writeString(json, Json.of(results, begun));
            out.println("wrote " + json);
        }
        Path charts = settings.charts();
        if (charts != null) {
            Map<String, List<Result>> together = new LinkedHashMap<>();
            results.forEach(result -> together.computeIfAbsent(Chart.fileName(result), name -> new ArrayList<>())
                    .add(result));
            for (Map.Entry<String, List<Result>> each : together.entrySet()) {
                Path file = charts.resolve(each.getKey());
                Files.writeString(file, Chart.of(each.getValue()));
                out.println("wrote " + file);
            }
        }
        out.flush();
    }
}
