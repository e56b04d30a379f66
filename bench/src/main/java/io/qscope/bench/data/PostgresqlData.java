package io.qscope.bench.data;

import io.qscope.store.Storage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** A schema of its own on a server. */
final class PostgresqlData implements DataSet {

    /** Unique keys but not primary ones, foreign keys, and indexes that are neither; what is loaded is right by its making. */
    private static final String REMOVABLE =
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                          pg_get_constraintdef(oid)),
                   contype = 'f'
              FROM pg_constraint
             WHERE contype IN ('u', 'f') AND conrelid IN (%1$s)
            UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
              FROM pg_index
             WHERE indrelid IN (%1$s)
               AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
             ORDER BY 3""".formatted("'oauth_access_tokens'::regclass, 'oauth_authorizations'::regclass");

    /** Connections that hold locks on tables of a schema, and are of this user. */
    private static final String END_OTHERS = """
            SELECT pg_terminate_backend(pid, 5000)
              FROM pg_stat_activity
             WHERE usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()
               AND pid IN (SELECT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                             JOIN pg_namespace n ON n.oid = c.relnamespace
                            WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                              AND n.nspname = '%s')""";

    private static final int BUFFER = 1 << 16;
    private static final HexFormat HEX = HexFormat.of();

    private final ServerAddress address;
    private final String schema;
    private final Sample sample;
    private final Storage storage;

    PostgresqlData(ServerAddress address, String schema, Sample sample, Storage storage) {
        this.address = address;
        this.schema = schema;
        this.sample = sample;
        this.storage = storage;
    }

    @Override
    public Sample sample() {
        return sample;
    }

    @Override
    public Storage storage() {
        return storage;
    }

    @Override
    public Connection connect() throws SQLException {
        return address.connect(schema);
    }

    /** By COPY. */
    @Override
    public <T> void store(Columns<T> columns, Iterator<T> rows) throws SQLException {
        try (Connection connection = connect()) {
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + columns.table() + " (" + String.join(", ", columns.names()) + ") FROM STDIN");
            try {
                StringBuilder lines = new StringBuilder(BUFFER);
                while (rows.hasNext()) {
                    Queries.stopIfInterrupted();
                    addLine(lines, columns.values().apply(rows.next()));
                    if (lines.length() > BUFFER - 4_096) {
                        send(copy, lines);
                    }
                }
                send(copy, lines);
                copy.endCopy();
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        }
    }

    private static void send(CopyIn copy, StringBuilder lines) throws SQLException {
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        lines.setLength(0);
    }

    /** COPY's text format. What the samples hold needs no escape but the one that bytes begin with. */
    private static void addLine(StringBuilder lines, @Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                lines.append('\t');
            }
            Object value = values[i];
            if (value == null) {
                lines.append("\\N");
            } else if (value instanceof byte[] bytes) {
                lines.append("\\\\x").append(HEX.formatHex(bytes));
            } else {
                lines.append(value);
            }
        }
        lines.append('\n');
    }

    /** What is done without most indexes, which are made again afterwards: many times as fast with many rows. */
    void withoutIndexes(Work work) throws SQLException {
        List<String> makeAgain = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            List<String> drop = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(REMOVABLE)) {
                while (found.next()) {
                    drop.add(found.getString(1));
                    makeAgain.add(found.getString(2));
                }
            }
            for (String each : drop) {
                statement.execute(each);
            }
            work.run();
            statement.execute("SET maintenance_work_mem = '512MB'");
            for (String each : makeAgain) {
                statement.execute(each);
            }
        }
        analyze();
    }

    /** What may fail as SQL does. */
    interface Work {
        void run() throws SQLException;
    }

    /** Also sets the bits by which an index alone can answer, and writes what loading left in memory. */
    @Override
    public void analyze() throws SQLException {
        try (Connection connection = connect()) {
            for (String table : tables(connection)) {
                Queries.run(connection, "VACUUM (ANALYZE) " + table);
            }
        }
    }

    private List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = '" + schema + "'")) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        return tables;
    }

    @Override
    public String size() throws SQLException {
        try (Connection connection = connect()) {
            return Queries.ask(
                    connection,
                    "SELECT pg_size_pretty(sum(pg_total_relation_size(c.oid))) FROM pg_class c"
                            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '" + schema
                            + "' AND c.relkind = 'r'");
        }
    }

    @Override
    public void close() {
        storage.close();
        drop(address, schema);
    }

    /** Because of a failure that is more worth telling than one of this. */
    static void drop(ServerAddress address, String schema, Throwable because) {
        try {
            drop(address, schema);
        } catch (IllegalStateException e) {
            because.addSuppressed(e);
        }
    }

    /** Drops it whatever of ours still works in it. */
    static void drop(ServerAddress address, String schema) {
        try (Connection connection = address.connect("public")) {
            Queries.run(connection, END_OTHERS.formatted(schema));
            Queries.run(connection, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "the schema " + schema + " could not be dropped (" + e.getMessage() + "); drop it by hand", e);
        }
    }
}
