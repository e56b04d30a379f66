package io.qscope.postgresql;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A primary and a replica that has to confirm every commit: while there is no replica, nothing is committed, so that whoever is
 * promoted has all that was ever acknowledged.
 */
final class Cluster implements AutoCloseable {

    private static final String SYNCHRONOUS = "synchronous_standby_names=*";

    private static final String REPLICA_CONFIRMS =
            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'";

    /** What belongs to the server that runs on the files, or comes again over the wire (PostgreSQL, "Making a Base Backup"). */
    private static final Set<String> NOT_COPIED = Set.of("postmaster.pid", "postmaster.opts", "pg_internal.init");

    private static final Set<String> COPIED_EMPTY = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private final int[] ports;
    private final Set<OwnServer> servers = new LinkedHashSet<>();
    private OwnServer primary;
    private OwnServer replica;

    private Cluster(OwnServer primary) throws Exception {
        this.ports = new int[] {primary.port(), OwnServer.freePort()};
        this.primary = primary;
        servers.add(primary);
        try {
            this.replica = newReplica(ports[1]);
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    static Cluster started() throws Exception {
        return new Cluster(OwnServer.started(SYNCHRONOUS));
    }

    OwnServer primary() {
        return primary;
    }

    OwnServer replica() {
        return replica;
    }

    /** Both servers, whichever is the primary. */
    String location(String schema) {
        return "postgresql://postgres@127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1]
                + "/postgres?sslmode=disable&schema=" + schema;
    }

    /** Kills the primary, makes the replica the primary, and makes another replica in the place of the one killed. */
    void failOver() throws Exception {
        OwnServer killed = primary;
        killed.kill();
        promote();
        killed.close();
        servers.remove(killed);
        replica = newReplica(killed.port());
    }

    /** The replica becomes the primary, whatever the one that was does; there is no replica then. */
    void promote() throws Exception {
        primary = replica;
        // Waiting in the query would hold up the recovery that it waits for.
        primary.run("SELECT pg_promote(wait => false)");
        Eventually.holds("the replica is the primary", () -> "f".equals(primary.ask("SELECT pg_is_in_recovery()")));
    }

    private OwnServer newReplica(int port) throws Exception {
        OwnServer made = OwnServer.prepared(
                port,
                List.of(SYNCHRONOUS, "primary_conninfo=host=127.0.0.1 port=" + primary.port() + " user=postgres"));
        servers.add(made);
        copy(primary, Path.of(made.data()));
        made.start();
        Eventually.holds("the replica confirms commits", () -> "1".equals(primary.ask(REPLICA_CONFIRMS)));
        return made;
    }

    private static void copy(OwnServer server, Path copy) throws SQLException, IOException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('replica', fast => true)");
            copy(Path.of(server.data()), copy);
            try (ResultSet stopped =
                    statement.executeQuery("SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)")) {
                stopped.next();
                Files.writeString(copy.resolve("backup_label"), stopped.getString(1));
            }
        }
        Files.createFile(copy.resolve("standby.signal"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path copy = to.resolve(from.relativize(directory).toString());
                if (!directory.equals(from)) {
                    Files.createDirectory(copy);
                }
                return COPIED_EMPTY.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!NOT_COPIED.contains(file.getFileName().toString())) {
                    copyUnlessGone(file, to.resolve(from.relativize(file).toString()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                if (why instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw why;
            }
        });
    }

    /** The server goes on meanwhile: what it removes is not needed, and the WAL since the start says so. */
    private static void copyUnlessGone(Path file, Path copy) throws IOException {
        try {
            Files.copy(file, copy);
        } catch (NoSuchFileException gone) {
            Files.deleteIfExists(copy);
        }
    }

    @Override
    public void close() throws Exception {
        for (OwnServer server : servers) {
            server.close();
        }
    }
}
