package io.qscope.bench;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.service.OAuthServices;
import io.qscope.store.Storage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Compares qscope on SQLite with plain JDBC on files of the same schema, rows and settings. */
public final class Main {

    private static final double INSERTS_WANTED = 2.5;
    private static final double LOOKUPS_WANTED = 0.6;

    /** No more than one and a half times the time. */
    private static final double REDEMPTIONS_WANTED = 1 / 1.5;

    /** More than either side redeems in a second. */
    private static final int CODES_A_SECOND = 20_000;

    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "rootfs", "overlay-tmpfs");

    private final Settings settings;
    private final PrintStream out;

    private Main(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Runs the comparisons; exit code 2 for wrong usage, 1 where figures would mean nothing. */
    public static void main(String[] args) throws Exception {
        Settings settings;
        try {
            settings = Settings.of(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(Settings.USAGE);
            System.exit(2);
            return;
        }
        try {
            new Main(settings, System.out).run();
        } catch (NotDurable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws Exception {
        Path folder = Files.createTempDirectory(settings.folder(), "qscope-bench-");
        try {
            introduce(folder);
            compare(
                    new DatabaseFile(folder.resolve("qscope.db"), settings),
                    new DatabaseFile(folder.resolve("peer.db"), settings));
        } finally {
            delete(folder);
        }
    }

    private void introduce(Path folder) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        out.printf(
                "%s, Java %s on %s %s, %d processors, %s (%s)%n",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                disk.type(),
                disk.name());
        out.println(settings);
        if (IN_MEMORY.contains(disk.type())) {
            throw new NotDurable(
                    folder + " is in memory (" + disk.type() + "), where nothing is durable; name a disk with --dir");
        }
    }

    private void compare(DatabaseFile ours, DatabaseFile peers) throws Exception {
        SampleTokens peerTokens;
        try (Storage creating = peers.open()) {
            peerTokens = SampleTokens.load(creating, settings.rows());
        }
        List<Connection> connections = new ArrayList<>();
        try (Storage storage = ours.open()) {
            SampleTokens tokens = SampleTokens.load(storage, settings.rows());
            for (int i = 0; i < settings.readers(); i++) {
                connections.add(peers.connect());
            }
            out.printf("peer's file:%n");
            peers.report(connections.get(0), out);
            reportOurs(ours);
            AlternatingRounds rounds = new AlternatingRounds(settings, out);
            rounds.compare(
                    "lookups by token; peer: " + settings.readers() + " threads, a prepared statement each",
                    TokenLookups.qscope(storage, settings.rows(), settings.inFlight()),
                    TokenLookups.statements(connections, settings.rows()),
                    LOOKUPS_WANTED);
            rounds.compare(
                    "durable inserts of access tokens; peer: autocommit, one prepared statement",
                    DurableInserts.qscope(storage, tokens, settings.inFlight()),
                    DurableInserts.autocommit(connections.get(0), peerTokens),
                    INSERTS_WANTED);
            out.printf("rows at the end: qscope %d, peer %d%n", tokens.size(), peerTokens.size());
            redemptions(storage, ours, peers, connections.get(0), rounds);
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    private void redemptions(
            Storage storage, DatabaseFile file, DatabaseFile peers, Connection connection, AlternatingRounds rounds)
            throws Exception {
        KeyRing keys = KeyRing.of(Key.generate("bench"));
        int codes = settings.seconds() * CODES_A_SECOND;
        int inFlight = settings.inFlight();
        SampleCodes ours = new SampleCodes(storage);
        // The peer's codes are issued through qscope too, between the rounds: only redeeming them is by hand.
        try (Storage issuing = peers.open();
                Storage chained = file.open(keys);
                OAuthServices services = OAuthServices.builder(chained, keys)
                        .clock(() -> SampleCodes.NOW)
                        .build()) {
            SampleCodes theirs = new SampleCodes(issuing);
            Side byHand = CodeRedemptions.transactions(connection, theirs, inFlight, codes);
            rounds.compare(
                    "code redemptions, as units of work; peer: transactions of " + inFlight + " by hand",
                    CodeRedemptions.units(storage, ours, inFlight, codes),
                    byHand,
                    REDEMPTIONS_WANTED);
            rounds.compare(
                    "code redemptions, as units of work, audit entries chained; peer: as before, not chained",
                    CodeRedemptions.units(chained, ours, inFlight, codes),
                    byHand,
                    REDEMPTIONS_WANTED);
            rounds.compare(
                    "code redemptions, through the services (client and code looked up, PKCE), chained; peer: as before",
                    CodeRedemptions.services(services, ours, inFlight, codes),
                    byHand,
                    REDEMPTIONS_WANTED);
        }
    }

    /** What belongs to the file can be asked from outside; what belongs to a connection is what the storage guarantees. */
    private void reportOurs(DatabaseFile ours) throws SQLException {
        try (Connection beside = ours.connect()) {
            out.printf("qscope's file, looked at from outside (synchronous=FULL is what its guarantees say):%n");
            ours.report(beside, out);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The files would lie where no commit is durable. */
    private static final class NotDurable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotDurable(String message) {
            super(message);
        }
    }
}
