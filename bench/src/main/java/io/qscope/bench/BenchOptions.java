package io.qscope.bench;

import io.qscope.bench.Settings.Engine;
import io.qscope.bench.Settings.Peer;
import io.qscope.bench.data.ServerAddress;
import io.qscope.bench.load.Load;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Through;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code qscope bench}, and what goes with what. */
final class BenchOptions {

    private static final int JDBC_CONNECTIONS = 10;
    private static final int MOST_READERS = 4;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--engine", required = true, paramLabel = "ENGINE", description = "sqlite or postgresql.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Engine engine;

    @Option(
            names = "--storage",
            paramLabel = "URL",
            description = {
                "postgresql://user@host:port/database of a server, its password in PGPASSWORD;",
                "works in a schema of its own and drops it. Unless given, a server is started."
            })
    private @Nullable String storage;

    @Option(
            names = "--operation",
            paramLabel = "NAME",
            split = ",",
            description = "lookup, insert, redeem, refresh, mixed; all of them unless given.")
    private Operation @Nullable [] operations;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            split = ",",
            description = "Calls under way at once (a closed loop). Default: 1,64,256.")
    private int @Nullable [] inFlight;

    @Option(
            names = "--rate",
            paramLabel = "N",
            split = ",",
            description = {
                "Calls a second that arrive whatever the answers do (an open loop) instead of --in-flight;",
                "latency then counts from when a call was due."
            })
    private double @Nullable [] rates;

    @Option(
            names = "--rows",
            paramLabel = "N",
            split = ",",
            defaultValue = "100000",
            description = "Access tokens at the start. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private int[] rows;

    @Option(
            names = "--peer",
            paramLabel = "NAME",
            defaultValue = "jdbc",
            description = {
                "jdbc: pgjdbc or xerial with HikariCP, a statement a round trip, on qscope's schema;",
                "batch: one raw transaction of --batch writes after the other (SQLite);",
                "spring: Spring Authorization Server's JDBC storage, indexed (PostgreSQL);",
                "shipped: the same with the indexes of its own scripts alone;",
                "self: qscope without --purge, with --peer-rows; none. Default: ${DEFAULT-VALUE}."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Peer peer;

    @Option(
            names = "--peer-connections",
            paramLabel = "N",
            description = {
                "Of jdbc; 0: the best of 4, 8, 16 and 32, tried first.",
                "Default: 10; on SQLite as many as there are readers."
            })
    private @Nullable Integer peerConnections;

    @Option(
            names = "--peer-callers",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of spring and shipped. Default: the best of 4, 8, 16 and 32, tried first.")
    private int peerCallers;

    @Option(
            names = "--peer-rows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Access tokens of self at the start. Default: as many as --rows.")
    private int peerRows;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Operations in a transaction of batch. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--purge",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Expired rows that are purged beside qscope; rounds go on until none is left,",
                "instead of --rounds. With --peer self."
            })
    private int purge;

    @Option(
            names = "--through",
            paramLabel = "NAME",
            defaultValue = "storage",
            description = {
                "What calls qscope: storage; services (clients and PKCE checked too); spring: Spring Authorization",
                "Server by its adapter, a thread for each call in flight. Default: ${DEFAULT-VALUE}."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Through through;

    @Option(names = "--unchained", description = "qscope does not chain its audit entries, as no peer does.")
    private boolean unchained;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "2",
            description = "Rounds before them that do not count. Default: ${DEFAULT-VALUE}.")
    private int warmUps;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How long each side works in a round. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--readers",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Threads that read SQLite, on both sides; default: as many as processors, at most 4.",
                "Connections that qscope reads PostgreSQL by; default: its own."
            })
    private int readers;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "0",
            description = "Connections that qscope writes PostgreSQL by. Default: its own.")
    private int connections;

    @Option(
            names = "--wal-autocheckpoint",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Pages, of SQLite, on both sides. Default: ${DEFAULT-VALUE}.")
    private int walAutocheckpoint;

    @Option(
            names = "--server",
            paramLabel = "NAME=VALUE",
            description = "A setting of the server that is started, such as shared_buffers=1GB. May be repeated.")
    private Map<String, String> serverSettings = new LinkedHashMap<>();

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "Where databases are made, and deleted at the end: a disk. Default: the current folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Option(names = "--json", paramLabel = "FILE", description = "Where results go as JSON, once all are there.")
    private @Nullable Path json;

    @Option(
            names = "--charts",
            paramLabel = "FOLDER",
            description = "Where charts go, bench-*.svg. Default: docs of the clone that qscope is run from.")
    private @Nullable Path charts;

    @Option(names = "--no-charts", description = "Draws none.")
    private boolean noCharts;

    /**
     * What they ask for.
     *
     * @throws Misuse saying which option is wrong, and what it takes
     */
    Settings settings() {
        check();
        int processors = Math.min(Runtime.getRuntime().availableProcessors(), MOST_READERS);
        int reading = readers == 0 && engine == Engine.SQLITE ? processors : readers;
        int peers = engine == Engine.SQLITE ? reading : JDBC_CONNECTIONS;
        return new Settings(
                engine,
                server(),
                operations == null ? allOperations() : List.of(operations),
                loads(),
                Arrays.stream(rows).boxed().toList(),
                peer,
                peerConnections == null ? peers : peerConnections,
                peerCallers,
                peerRows,
                batch,
                purge,
                through,
                !unchained,
                rounds,
                warmUps,
                seconds,
                connections,
                reading,
                walAutocheckpoint,
                serverSettings,
                folder.toAbsolutePath(),
                json,
                chartsFolder());
    }

    private void check() {
        atLeast(1, "--rows", Arrays.stream(rows).min().orElse(0));
        atLeast(1, "--rounds", rounds);
        atLeast(0, "--warm-ups", warmUps);
        atLeast(0, "--purge", purge);
        atLeast(1, "--batch", batch);
        atLeast(0, "--readers", readers);
        atLeast(0, "--connections", connections);
        atLeast(engine == Engine.SQLITE ? 1 : 0, "--peer-connections", peerConnections == null ? 1 : peerConnections);
        atLeast(0, "--peer-callers", peerCallers);
        atLeast(0, "--peer-rows", peerRows);
        atLeast(1, "--wal-autocheckpoint", walAutocheckpoint);
        require(seconds > 0, "--seconds must be more than 0");
        require(
                inFlight == null || rates == null,
                "--in-flight is a closed loop and --rate an open one; give one of them");
        require(Files.isDirectory(folder), "--dir takes a folder that exists");
        require(
                (peer != Peer.SPRING && peer != Peer.SHIPPED) || engine == Engine.POSTGRESQL,
                "--peer spring and --peer shipped work on PostgreSQL only");
        require(peer != Peer.BATCH || engine == Engine.SQLITE, "--peer batch works on SQLite only");
        require(peer == Peer.SELF || peerRows == 0, "--peer-rows is for --peer self");
        require(peer == Peer.SELF || peer == Peer.NONE || purge == 0, "--purge is for --peer self, or none");
        require(
                peer != Peer.SELF || purge > 0 || peerRows > 0,
                "--peer self takes --purge or --peer-rows, by which the two differ");
        require(
                engine == Engine.POSTGRESQL || storage == null,
                "--storage is for PostgreSQL; --dir says where SQLite's files are");
        require(
                serverSettings.isEmpty() || storage == null,
                "--server is for a server that is started, not for --storage");
        require(
                peer != Peer.BATCH
                        || operations == null
                        || Arrays.stream(operations).noneMatch(BenchOptions::isNoBatch),
                "--peer batch is for insert, redeem and refresh: only writes are grouped into transactions");
        require(
                json == null
                        || json.toAbsolutePath().getParent() == null
                        || Files.isDirectory(json.toAbsolutePath().getParent()),
                "--json names a file in a folder that exists");
        require(charts == null || Files.isDirectory(charts), "--charts takes a folder that exists");
    }

    private void atLeast(int least, String option, int value) {
        require(value >= least, option + " must be at least " + least);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Misuse(spec.commandLine(), otherwise);
        }
    }

    private @Nullable ServerAddress server() {
        if (storage == null) {
            return null;
        }
        try {
            return ServerAddress.parse(storage, System.getenv("PGPASSWORD"));
        } catch (IllegalArgumentException malformed) {
            throw new Misuse(spec.commandLine(), "--storage: " + malformed.getMessage());
        }
    }

    private List<Operation> allOperations() {
        return Arrays.stream(Operation.values())
                .filter(each -> peer != Peer.BATCH || !isNoBatch(each))
                .toList();
    }

    private static boolean isNoBatch(Operation operation) {
        return operation == Operation.LOOKUP || operation == Operation.MIXED;
    }

    private List<Load> loads() {
        if (rates != null) {
            for (double rate : rates) {
                require(rate > 0, "--rate must be more than 0");
            }
            return Arrays.stream(rates).mapToObj(Load::open).toList();
        }
        int[] calls = inFlight == null ? new int[] {1, 64, 256} : inFlight;
        for (int each : calls) {
            atLeast(1, "--in-flight", each);
        }
        return Arrays.stream(calls).mapToObj(Load::closed).toList();
    }

    /** The launcher says where its clone is. */
    private @Nullable Path chartsFolder() {
        if (noCharts || charts != null) {
            return noCharts ? null : charts;
        }
        String clone = System.getenv("QSCOPE_CLONE");
        Path docs = clone == null ? null : Path.of(clone, "docs");
        return docs != null && Files.isDirectory(docs) ? docs : null;
    }

    /** Wrong usage, in words that repeat nothing that was given. */
    static final class Misuse extends ParameterException {

        private static final long serialVersionUID = 1L;

        Misuse(CommandLine command, String message) {
            super(command, message);
        }
    }
}
