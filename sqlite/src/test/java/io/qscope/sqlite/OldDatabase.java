package io.qscope.sqlite;

import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlSchema;
import io.qscope.store.MigrationScript;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A database as an earlier release left it: its scripts alone, its part of Flyway's history, and rows. */
final class OldDatabase {

    private OldDatabase() {}

    /**
     * Makes a file of that version.
     *
     * @param current a database of this release, closed, of which history and rows are taken
     * @param tables whose rows are taken, parents before children
     */
    static void make(Path file, int version, Path current, List<String> tables) throws SQLException {
        for (MigrationScript script : new SqlSchema(SqlDialect.SQLITE, null, "none").scripts()) {
            if (Integer.parseInt(script.version()) <= version) {
                try (Connection connection = Sqlite.connect(file);
                        var statement = connection.createStatement()) {
                    statement.executeUpdate(script.sql());
                }
            }
        }
        try (Connection connection = Sqlite.connect(file)) {
            Sqlite.run(connection, "ATTACH '" + current + "' AS current");
            for (String sql : Sqlite.ask(
                    connection,
                    "SELECT sql FROM current.sqlite_schema WHERE name GLOB 'qscope_*' AND sql IS NOT NULL")) {
                Sqlite.run(connection, sql);
            }
            Sqlite.run(
                    connection,
                    "INSERT INTO main.qscope_schema_history SELECT * FROM current.qscope_schema_history"
                            + " WHERE CAST(version AS INTEGER) <= " + version);
            for (String table : tables) {
                // Only what the table had then.
                String columns = String.join(
                        ", ", Sqlite.ask(connection, "SELECT name FROM pragma_table_info('" + table + "', 'main')"));
                Sqlite.run(
                        connection,
                        "INSERT INTO main.%1$s (%2$s) SELECT %2$s FROM current.%1$s".formatted(table, columns));
            }
            Sqlite.run(connection, "DETACH current");
            // As the engine leaves it.
            Sqlite.ask(connection, "PRAGMA journal_mode = WAL");
        }
    }
}
