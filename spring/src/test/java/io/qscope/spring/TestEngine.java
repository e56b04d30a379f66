package io.qscope.spring;

import io.qscope.store.Storage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** The engines that the adapter is tested on. */
enum TestEngine {
    MEMORY {
        @Override
        String newUrl() {
            return "memory:" + UUID.randomUUID();
        }
    },
    SQLITE {
        @Override
        String newUrl() {
            return "sqlite:" + newFile().resolve("qscope.db");
        }
    },
    POSTGRESQL {
        @Override
        String newUrl() {
            String schema = "s_" + UUID.randomUUID().toString().replace('-', '_');
            int port = Server.create(schema);
            return "postgresql://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable&schema=" + schema;
        }
    };

    /** Of a storage that nothing is in, and nobody else has. */
    abstract String newUrl();

    /** Opens what a URL names, with its tables. */
    static Storage open(String url) {
        Storage.runMigrations(url);
        return Storage.open(url);
    }

    /** The same on another port, where something passes on what it is told. */
    static String through(int port, String url) {
        return url.replace(":" + URI.create(url).getPort() + "/", ":" + port + "/");
    }

    /** A connection to the database that a URL names, behind the storage's back. */
    static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection("jdbc:"
                + (url.startsWith("sqlite:")
                        ? url
                        : url.replace("postgres@", "").replace("schema=", "user=postgres&currentSchema=")));
    }

    static Path newFile() {
        try {
            return Files.createTempDirectory(Path.of("target"), "storage");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Started with the first test that needs it. */
    private static final class Server {

        private static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                // Nobody pulls the plug.
                EmbeddedPostgres started = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started)));
                return started;
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

        /** Makes a schema; tells the port. */
        static int create(String schema) {
            try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA " + schema);
                return POSTGRES.getPort();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
