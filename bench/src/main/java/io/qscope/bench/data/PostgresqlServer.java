package io.qscope.bench.data;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server from Maven artifacts, as durable as one in earnest, on a folder that goes with it. */
final class PostgresqlServer implements AutoCloseable {

    private static final int LONGEST_STOP_SECONDS = 20;

    private final Disk disk;
    private final EmbeddedPostgres process;

    private PostgresqlServer(Disk disk, EmbeddedPostgres process) {
        this.disk = disk;
        this.process = process;
    }

    static PostgresqlServer started(Path parent, Map<String, String> settings) throws IOException {
        Disk disk = Disk.in(parent);
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(disk.folder().resolve("data"))
                    // Whoever closes this ends the server and only then deletes its folder.
                    .setRegisterShutdownHook(false)
                    // What it starts servers with is made for tests that may lose everything.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("listen_addresses", "127.0.0.1");
            settings.forEach(builder::setServerConfig);
            return new PostgresqlServer(disk, builder.start());
        } catch (IOException | RuntimeException | Error e) {
            endWhatRunsOn(disk.folder());
            disk.close();
            throw e;
        }
    }

    /** A start that did not come to its end, since somebody interrupted it, leaves its process behind. */
    private static void endWhatRunsOn(Path folder) {
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
                .forEach(child -> {
                    child.destroy();
                    child.onExit()
                            .orTimeout(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)
                            .join();
                });
    }

    ServerAddress address() {
        return new ServerAddress("127.0.0.1", process.getPort(), "postgres", "postgres", null, "disable");
    }

    Disk disk() {
        return disk;
    }

    @Override
    public void close() throws IOException {
        process.close();
        disk.close();
    }
}
