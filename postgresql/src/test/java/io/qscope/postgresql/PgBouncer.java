package io.qscope.postgresql;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PgBouncer in transaction mode before a server, as Debian has it. It lets the user {@code postgres} in, and is set to nothing
 * but what a test names, so that what an operator has to set shows.
 */
final class PgBouncer implements AutoCloseable {

    static final String NEEDED =
            "PgBouncer is not installed; on Debian: apt-get install --no-install-recommends pgbouncer";

    /** Fewer than one storage opens to the pooler. */
    static final int SERVER_CONNECTIONS = 3;

    private final Path directory;
    private final int port = OwnServer.freePort();
    private final Thread lastResort = new Thread(this::end);
    private @Nullable Process process;

    private PgBouncer(int serverPort, List<String> settings) throws IOException {
        this.directory = Files.createTempDirectory("qscope-pgbouncer-");
        List<String> lines = new ArrayList<>(List.of(
                "[databases]",
                "* = host=127.0.0.1 port=" + serverPort,
                "[pgbouncer]",
                "pool_mode = transaction",
                "default_pool_size = " + SERVER_CONNECTIONS,
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = trust",
                "auth_file = " + directory.resolve("users"),
                // Else it waits 15 seconds before it looks again for a server that was gone.
                "server_login_retry = 1"));
        lines.addAll(settings);
        Files.write(directory.resolve("users"), List.of("\"postgres\" \"\""));
        Files.write(directory.resolve("ini"), lines);
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    static boolean isInstalled() {
        return program() != null;
    }

    /** Debian has it where root finds programs, and the path of other users need not lead there. */
    private static @Nullable Path program() {
        return Stream.concat(
                        Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1)),
                        Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** One that runs, and lets clients in. */
    static PgBouncer started(int serverPort, String... settings) throws Exception {
        PgBouncer pooler = new PgBouncer(serverPort, List.of(settings));
        try {
            pooler.start();
        } catch (Exception | AssertionError e) {
            pooler.close();
            throw e;
        }
        return pooler;
    }

    /** Before the server of all tests; it ends with this process. */
    static PgBouncer forAllTests() {
        try {
            return started(TestServer.port(), "max_client_conn = 1000");
        } catch (Exception e) {
            throw new IllegalStateException(NEEDED, e);
        }
    }

    int port() {
        return port;
    }

    void start() throws Exception {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to run as root, and in a namespace of its own nobody is.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(String.valueOf(program()));
        command.add(directory.resolve("ini").toString());
        Path log = directory.resolve("log");
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process = started;
        Eventually.holds("PgBouncer listens on port " + port, () -> {
            if (!started.isAlive()) {
                throw new AssertionError("PgBouncer ended: " + Files.readString(log));
            }
            return listens();
        });
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        if (process == null) {
            throw new IllegalStateException("it was never started");
        }
        process.destroyForcibly().waitFor();
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

    /** Ends it and deletes its files. */
    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    private void end() {
        destroy();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(PgBouncer::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
