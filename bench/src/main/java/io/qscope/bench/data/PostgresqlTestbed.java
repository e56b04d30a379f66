package io.qscope.bench.data;

import io.qscope.key.KeyRing;
import io.qscope.postgresql.PostgresqlStorage;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server: one from Maven artifacts, or one that a URL names. Data sets are schemas of their own. */
public final class PostgresqlTestbed implements Testbed {

    /** What decides whether an acknowledged commit is on a disk. */
    private static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

    /** What figures depend on. */
    private static final List<String> SHOWN = List.of(
            "wal_sync_method",
            "shared_buffers",
            "max_wal_size",
            "checkpoint_timeout",
            "wal_buffers",
            "wal_compression",
            "commit_delay",
            "autovacuum");

    /** The release whose checkpoints have a view of their own. */
    private static final int CHECKPOINTER_SINCE = 17;

    private final ServerAddress address;
    private final Settings settings;
    private final @Nullable AutoCloseable server;
    private final String where;
    private final Set<String> schemas = ConcurrentHashMap.newKeySet();

    /**
     * How qscope is opened.
     *
     * @param keys by which it chains its audit entries; none: it does not
     * @param connections that write; 0: as many as it has by itself
     * @param readers connections that read; 0: as many as it has by itself
     */
    public record Settings(@Nullable KeyRing keys, int connections, int readers) {

        Storage open(PostgresqlStorage.Builder builder) {
            if (keys != null) {
                builder.keys(keys);
            }
            if (connections > 0) {
                builder.connections(connections);
            }
            if (readers > 0) {
                builder.readers(readers);
            }
            return builder.open();
        }
    }

    private PostgresqlTestbed(ServerAddress address, Settings settings, @Nullable AutoCloseable server, String where) {
        this.address = address;
        this.settings = settings;
        this.server = server;
        this.where = where;
    }

    /**
     * A server that is started from Maven artifacts, on a new folder in this one, which is deleted at the end.
     *
     * @param serverSettings beside those that make it durable
     */
    public static PostgresqlTestbed started(Path parent, Map<String, String> serverSettings, Settings settings)
            throws IOException {
        PostgresqlServer server = PostgresqlServer.started(parent, serverSettings);
        return new PostgresqlTestbed(server.address(), settings, server, "started on " + server.disk());
    }

    /** The server that a URL names. */
    public static PostgresqlTestbed at(ServerAddress address, Settings settings) {
        return new PostgresqlTestbed(address, settings, null, address.host());
    }

    @Override
    public String engine() {
        return "postgresql";
    }

    @Override
    public long checkpoints() throws SQLException {
        try (Connection connection = address.connect("public")) {
            boolean hasOwnView = connection.getMetaData().getDatabaseMajorVersion() >= CHECKPOINTER_SINCE;
            return Long.parseLong(Queries.ask(
                    connection,
                    hasOwnView
                            ? "SELECT num_timed + num_requested FROM pg_stat_checkpointer"
                            : "SELECT checkpoints_timed + checkpoints_req FROM pg_stat_bgwriter"));
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void introduce(PrintWriter out) throws SQLException {
        try (Connection connection = address.connect("public")) {
            out.printf("PostgreSQL %s, %s:", Queries.ask(connection, "SHOW server_version"), where);
            List<String> wrong = new ArrayList<>();
            for (String name : DURABLE) {
                String value = Queries.ask(connection, "SHOW " + name);
                out.printf(" %s=%s", name, value);
                if (!value.equals("on")) {
                    wrong.add(name + "=" + value);
                }
            }
            for (String name : SHOWN) {
                out.printf(" %s=%s", name, Queries.ask(connection, "SHOW " + name));
            }
            out.println();
            if (!wrong.isEmpty()) {
                throw new NotDurable("the server is not durable as it should be: " + String.join(", ", wrong)
                        + "; all of these have to be on");
            }
        }
    }

    @Override
    public DataSet load(int rows) throws SQLException {
        String schema = "qscope_bench_" + UUID.randomUUID().toString().replace("-", "");
        schemas.add(schema);
        try {
            return load(rows, schema);
        } catch (SQLException | RuntimeException | Error e) {
            PostgresqlData.drop(address, schema, e);
            throw e;
        }
    }

    private DataSet load(int rows, String schema) throws SQLException {
        Storage storage = settings.open(address.storage(schema).migrating(true));
        PostgresqlData data = new PostgresqlData(address, schema, new Sample(rows), storage);
        try {
            if (!storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER)) {
                throw new NotDurable("qscope does not claim that its commits outlive the loss of power");
            }
            data.withoutIndexes(() -> Loading.rows(data));
            if (server != null) {
                // What loading left to be written is not to be written while something is measured.
                checkpoint();
            }
            return data;
        } catch (SQLException | RuntimeException | Error e) {
            storage.close();
            throw e;
        }
    }

    private void checkpoint() throws SQLException {
        try (Connection connection = address.connect("public")) {
            Queries.run(connection, "CHECKPOINT");
        }
    }

    /** A server that is not ours is left without a schema of ours, also when their data sets were not closed. */
    @Override
    public void close() {
        if (server == null) {
            schemas.forEach(schema -> PostgresqlData.drop(address, schema));
            return;
        }
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException("the server could not be ended", e);
        }
    }
}
