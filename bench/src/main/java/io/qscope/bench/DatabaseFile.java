package io.qscope.bench;

import io.qscope.key.KeyRing;
import io.qscope.sqlite.SqliteStorage;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** A database file with qscope's schema, opened by qscope or by hand with the same settings. */
record DatabaseFile(Path path, Settings settings) {

    /** Opened by qscope, which also creates it. */
    Storage open() {
        return open(builder());
    }

    /** As {@link #open()}, with its audit entries chained. */
    Storage open(KeyRing keys) {
        return open(builder().keys(keys));
    }

    private SqliteStorage.Builder builder() {
        return SqliteStorage.builder(path)
                .synchronous(SqliteStorage.Synchronous.FULL)
                .readers(settings.readers())
                .walAutocheckpoint(settings.walAutocheckpoint());
    }

    private static Storage open(SqliteStorage.Builder builder) {
        Storage storage = builder.open();
        if (!storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER)) {
            throw new IllegalStateException("qscope was not opened with synchronous=FULL");
        }
        return storage;
    }

    /** A connection by hand, with the settings of qscope's writer. */
    Connection connect() throws SQLException {
        Properties driver = new Properties();
        // Otherwise the driver asks for the last rowid after each INSERT, which qscope does not have it do either.
        driver.setProperty("jdbc.get_generated_keys", "false");
        // As a URI: the driver probes a plain name through Java's own I/O, which would drop SQLite's locks in this
        // process.
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path.toUri(), driver);
        for (String pragma : List.of(
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "temp_store = MEMORY",
                "cache_size = -64000",
                "wal_autocheckpoint = " + settings.walAutocheckpoint(),
                "journal_size_limit = " + settings.walAutocheckpoint() * 2L * 4_096)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA " + pragma);
            }
        }
        return connection;
    }

    /** Prints what SQLite says of a connection by hand, and refuses to go on unless its commits are durable. */
    void report(Connection connection, PrintStream out) throws SQLException {
        String synchronous = ask(connection, "PRAGMA synchronous");
        String journal = ask(connection, "PRAGMA journal_mode");
        out.printf(
                "  synchronous=%s (2 is FULL) journal_mode=%s foreign_keys=%s wal_autocheckpoint=%s page_size=%s rows=%s%n",
                synchronous,
                journal,
                ask(connection, "PRAGMA foreign_keys"),
                ask(connection, "PRAGMA wal_autocheckpoint"),
                ask(connection, "PRAGMA page_size"),
                ask(connection, "SELECT count(*) FROM oauth_access_tokens"));
        if (!synchronous.equals("2") || !journal.equals("wal")) {
            throw new IllegalStateException("not durable as it should be: " + path);
        }
    }

    static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
