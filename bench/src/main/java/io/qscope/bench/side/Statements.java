package io.qscope.bench.side;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A connection and its prepared statements, each of which is prepared once. For one thread; closing closes the connection. */
final class Statements implements AutoCloseable {

    private final Connection connection;
    private final String key;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Statements(Connection connection, String key) {
        this.connection = connection;
        this.key = key;
    }

    /** On a server. */
    static Statements onPostgresql(Connection connection) {
        return new Statements(connection, "?");
    }

    /**
     * On a file. SQLite with STAT4, as this driver has it, looks at a bare parameter's value when it plans a join on an analyzed
     * table, and compiles the statement anew whenever another value is bound, which takes three times as long as its execution.
     * The plus hides the value from the planner, and nothing else.
     */
    static Statements onSqlite(Connection connection) {
        return new Statements(connection, "+?");
    }

    Connection connection() {
        return connection;
    }

    PreparedStatement of(String sql) throws SQLException {
        return of(sql, "");
    }

    /** A query that ends with {@code =}, after which its one parameter comes. */
    PreparedStatement byKey(String sql) throws SQLException {
        return of(sql, key);
    }

    private PreparedStatement of(String sql, String end) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql + end);
            prepared.put(sql, known);
        }
        return known;
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            for (PreparedStatement each : prepared.values()) {
                each.close();
            }
        }
    }
}
