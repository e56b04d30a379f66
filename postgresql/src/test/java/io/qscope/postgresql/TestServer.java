package io.qscope.postgresql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One server for all tests of this process, from Maven artifacts, as durable as a server in earnest. */
final class TestServer {

    private static final EmbeddedPostgres SERVER = start();

    private TestServer() {}

    private static EmbeddedPostgres start() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    // What it starts servers with is made for tests that may lose everything.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(EmbeddedPostgres server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int port() {
        return SERVER.getPort();
    }

    /** Where the programs are that it is started with. */
    static Path binaries() throws SQLException {
        return Path.of(String.valueOf(ask("SELECT setting FROM pg_config WHERE name = 'BINDIR'")));
    }

    /** A schema that nothing else uses, with the tables in it. */
    static String newSchema() {
        String schema = "s_" + UUID.randomUUID().toString().replace('-', '_');
        PostgresqlStorage.builder(location(schema)).migrating(true).open().close();
        return schema;
    }

    static String location(String schema) {
        return location(port(), schema);
    }

    /** The server as it is reached by another port. */
    static String location(int port, String schema) {
        return "postgresql://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable&schema=" + schema;
    }

    static Connection connect() throws SQLException {
        return SERVER.getPostgresDatabase().getConnection();
    }

    static void run(String statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }

    /** The first column of the first row. */
    static @Nullable String ask(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /**
     * Waits until the server has no session of a role any more. A session tells the server what it has counted before it is gone, and
     * that is some time after its connection was closed.
     */
    static void awaitEndOfSessions(String role) throws Exception {
        Eventually.holds(
                "the sessions of " + role + " have ended",
                () -> "0".equals(ask("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + role + "'")));
    }
}
