package io.qscope.bench.data;

import io.qscope.key.KeyRing;
import io.qscope.sqlite.SqliteStorage;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * SQLite files. Each of two sides has its own, as a process that works alone has.
 */
public final class SqliteTestbed implements Testbed {

    private static final int PAGE = 4_096;

    private final Settings settings;
    private final Disk disk;
    private int made;

    /**
     * The same on both sides.
     *
     * @param keys by which qscope chains its audit entries; none: it does not
     * @param readers threads that read
     * @param walAutocheckpoint pages
     */
    public record Settings(@Nullable KeyRing keys, int readers, int walAutocheckpoint) {}

    /** Files in a new folder in this one, deleted at the end. */
    public SqliteTestbed(Path parent, Settings settings) throws IOException {
        this.settings = settings;
        this.disk = Disk.in(parent);
    }

    @Override
    public String engine() {
        return "sqlite";
    }

    @Override
    public long checkpoints() {
        return 0;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void introduce(PrintWriter out) throws SQLException {
        try (Connection probe = connect(disk.folder().resolve("probe.db"))) {
            String synchronous = Queries.ask(probe, "PRAGMA synchronous");
            String journal = Queries.ask(probe, "PRAGMA journal_mode");
            out.printf(
                    "SQLite %s on %s: synchronous=%s (2 is FULL) journal_mode=%s foreign_keys=%s wal_autocheckpoint=%s"
                            + " page_size=%s, %d readers%n",
                    Queries.ask(probe, "SELECT sqlite_version()"),
                    disk,
                    synchronous,
                    journal,
                    Queries.ask(probe, "PRAGMA foreign_keys"),
                    Queries.ask(probe, "PRAGMA wal_autocheckpoint"),
                    Queries.ask(probe, "PRAGMA page_size"),
                    settings.readers());
            if (!synchronous.equals("2") || !journal.equals("wal")) {
                throw new NotDurable("SQLite was not opened with synchronous=FULL and a WAL");
            }
        }
    }

    @Override
    public DataSet load(int rows) throws SQLException {
        Path file = disk.folder().resolve("bench-" + ++made + ".db");
        SqliteStorage.Builder builder = SqliteStorage.builder(file)
                .synchronous(SqliteStorage.Synchronous.FULL)
                .readers(settings.readers())
                .walAutocheckpoint(settings.walAutocheckpoint());
        Storage storage = settings.keys() == null
                ? builder.open()
                : builder.keys(settings.keys()).open();
        FileData data = new FileData(file, new Sample(rows), storage);
        try {
            if (!storage.guarantees().keeps(Guarantee.DURABLE_BEYOND_POWER)) {
                throw new NotDurable("qscope does not claim that its commits outlive the loss of power");
            }
            Loading.rows(data);
            return data;
        } catch (SQLException | RuntimeException | Error e) {
            data.close();
            throw e;
        }
    }

    /** With the settings of qscope's writer. */
    private Connection connect(Path file) throws SQLException {
        Properties driver = new Properties();
        // Otherwise the driver asks for the last rowid after each INSERT, which qscope does not have it do either.
        driver.setProperty("jdbc.get_generated_keys", "false");
        // As a URI: the driver probes a plain name by Java's own I/O, which would drop SQLite's locks in this process.
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri(), driver);
        for (String pragma : List.of(
                "busy_timeout = 10000",
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "temp_store = MEMORY",
                "cache_size = -64000",
                "wal_autocheckpoint = " + settings.walAutocheckpoint(),
                "journal_size_limit = " + settings.walAutocheckpoint() * (long) PAGE * 2)) {
            Queries.run(connection, "PRAGMA " + pragma);
        }
        return connection;
    }

    @Override
    public void close() {
        disk.close();
    }

    private final class FileData implements DataSet {

        private final Path file;
        private final Sample sample;
        private final Storage storage;

        FileData(Path file, Sample sample, Storage storage) {
            this.file = file;
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
            return SqliteTestbed.this.connect(file);
        }

        @Override
        public <T> void store(Columns<T> columns, Iterator<T> rows) throws SQLException {
            try (Connection connection = connect()) {
                // What is checked row by row needs the pages again and again.
                Queries.run(connection, "PRAGMA cache_size = -1000000");
                // Takes the writer's lock at once: a transaction that reads first could not get it any more.
                Queries.run(connection, "BEGIN IMMEDIATE");
                try (PreparedStatement insert = connection.prepareStatement(columns.insert())) {
                    while (rows.hasNext()) {
                        Queries.stopIfInterrupted();
                        Queries.bind(insert, columns.values().apply(rows.next()));
                        insert.executeUpdate();
                    }
                }
                Queries.run(connection, "COMMIT");
            }
        }

        @Override
        public void analyze() throws SQLException {
            try (Connection connection = connect()) {
                Queries.run(connection, "ANALYZE");
            }
        }

        @Override
        public String size() throws SQLException {
            try (Connection connection = connect()) {
                long pages = Long.parseLong(Queries.ask(connection, "PRAGMA page_count"));
                return pages * PAGE / 1_048_576 + " MB";
            }
        }

        @Override
        public void close() {
            storage.close();
        }
    }
}
