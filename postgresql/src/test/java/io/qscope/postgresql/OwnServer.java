package io.qscope.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that a test may do anything to: its process is a child of this one, and its files are in a directory of its own. */
final class OwnServer implements AutoCloseable {

    private static final List<String> SETTINGS = List.of(
            "fsync=on",
            "full_page_writes=on",
            "synchronous_commit=on",
            "listen_addresses=127.0.0.1",
            // Nobody comes that way, and the path to a socket may not be long.
            "unix_socket_directories=",
            "wal_level=replica",
            // A replica that is made under load asks for what was written meanwhile.
            "wal_keep_size=512MB");

    private static final int SHARED_MEMORY_LINE = 6;

    private final Path directory;
    private final int port;
    private final List<String> settings;
    private final Thread lastResort = new Thread(this::destroy);
    private @Nullable Process process;

    private OwnServer(Path directory, int port, List<String> settings) {
        this.directory = directory;
        this.port = port;
        this.settings = new ArrayList<>(SETTINGS);
        this.settings.addAll(settings);
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** An empty server that runs, which lets everyone in. */
    static OwnServer started(String... settings) throws Exception {
        OwnServer server = new OwnServer(newDirectory(), freePort(), List.of(settings));
        server.execute("initdb", "-D", server.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale");
        server.start();
        return server;
    }

    /** One that does not run, on files that are still to be put into its {@link #data} directory. */
    static OwnServer prepared(int port, List<String> settings) throws IOException {
        OwnServer server = new OwnServer(newDirectory(), port, settings);
        Files.createDirectory(
                Path.of(server.data()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return server;
    }

    private static Path newDirectory() throws IOException {
        return Files.createTempDirectory("qscope-postgresql-");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    String data() {
        return directory.resolve("data").toString();
    }

    /** Starts it, and waits until it lets somebody in. */
    void start() throws Exception {
        List<String> command = command("postgres", "-D", data(), "-p", Integer.toString(port));
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        process = started;
        Eventually.holds("the server on port " + port + " lets somebody in", () -> {
            if (!started.isAlive()) {
                throw new AssertionError("the server ended: " + Files.readString(log()));
            }
            return answers();
        });
    }

    private Path log() {
        return directory.resolve("log");
    }

    /** What it has written to its log so far. */
    String said() throws IOException {
        return Files.readString(log());
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** Stops it as an operator does; {@code fast} or {@code immediate}, which leaves the rest to the recovery. */
    void stop(String mode) throws Exception {
        execute("pg_ctl", "stop", "-D", data(), "-m", mode);
        running().waitFor();
    }

    /** {@code kill -9} of the server's first process, without which the others end. */
    void kill() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** Sends a signal to all of its processes: {@code STOP} makes a server that hangs, and {@code CONT} lets it go on. */
    void signal(String name) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("kill", "-" + name, Long.toString(running().pid())));
        running().descendants().forEach(each -> command.add(Long.toString(each.pid())));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("it was never started");
        }
        return process;
    }

    /** A connection past the storage. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&sslmode=disable");
    }

    void run(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement running = connection.createStatement()) {
            running.execute(statement);
        }
    }

    /** The first column of the first row. */
    @Nullable
    String ask(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private void execute(String program, String... arguments) throws Exception {
        Path said = directory.resolve(program);
        Process running = new ProcessBuilder(command(program, arguments))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (running.waitFor() != 0) {
            throw new AssertionError(program + ": " + Files.readString(said));
        }
    }

    private static List<String> command(String program, String... arguments) throws SQLException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL refuses to run as root, and in a namespace of its own nobody is.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(TestServer.binaries().resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Ends it and deletes its files. */
    @Override
    public void close() throws Exception {
        destroy();
        Runtime.getRuntime().removeShutdownHook(lastResort);
        freeSharedMemory();
        Eventually.holds(directory + " is deleted", this::isDeleted);
    }

    /** Processes that are still to notice that their first one has ended may put a last file where one was just deleted. */
    private boolean isDeleted() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (DirectoryNotEmptyException | UncheckedIOException again) {
            return false;
        }
    }

    private void destroy() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A killed server leaves a segment behind, which nobody will start a server again to find. */
    private void freeSharedMemory() throws Exception {
        Path pid = Path.of(data(), "postmaster.pid");
        List<String> lines = Files.exists(pid) ? Files.readAllLines(pid) : List.of();
        if (lines.size() > SHARED_MEMORY_LINE) {
            String[] keyAndId = lines.get(SHARED_MEMORY_LINE).strip().split(" +", -1);
            new ProcessBuilder("ipcrm", "-m", keyAndId[keyAndId.length - 1])
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}
