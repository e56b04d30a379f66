package io.qscope.sqlite;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlSchema;
import io.qscope.store.Guarantee;
import io.qscope.store.Guarantees;
import io.qscope.store.MigrationScript;
import io.qscope.store.StorageListener;
import io.qscope.store.StorageUnavailableException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens a database file: creates it if it is missing, checks what it is, and brings its schema up to this release. */
final class SqliteOpening {

    /** What a migration elsewhere may take at most. */
    private static final long MIGRATION_NANOS = Duration.ofSeconds(60).toNanos();

    private static final long PAUSE_NANOS = 2_000_000;

    private final Path file;
    private final SqliteStorage.Synchronous synchronous;
    private final int readers;
    private final Duration busyTimeout;
    private final int maxWaitingCalls;
    private final int maxGroupSize;
    private final int walAutocheckpoint;
    private final @Nullable Executor callbacks;
    private final @Nullable Supplier<KeyRing> keys;
    private final @Nullable StorageListener listener;

    SqliteOpening(SqliteStorage.Builder settings) {
        this.file = settings.file;
        this.synchronous = settings.synchronous;
        this.readers = settings.readers;
        this.busyTimeout = settings.busyTimeout;
        this.maxWaitingCalls = settings.maxWaitingCalls;
        this.maxGroupSize = settings.maxGroupSize;
        this.walAutocheckpoint = settings.walAutocheckpoint;
        this.callbacks = settings.callbacks;
        this.keys = settings.keys;
        this.listener = settings.listener;
    }

    SqlEngine start() {
        RayId ray = RayId.random();
        SqliteEngine.Halt halt = new SqliteEngine.Halt();
        List<SqliteConnection> opened = new ArrayList<>();
        boolean started = false;
        try {
            NativeLibrary.load(file, ray);
            createIfMissing(ray);
            FileIdentity identity = FileIdentity.of(file);
            for (int i = 0; i <= readers; i++) {
                opened.add(SqliteConnection.open(file, busyTimeout.toNanos(), halt));
                if (i == 0) {
                    prepareFile(opened.get(0), ray);
                }
                configure(opened.get(i), i > 0);
            }
            if (!identity.holds()) {
                throw unusable("it was replaced while it was opened; open it again", ray);
            }
            SqliteEngine engine = SqliteEngine.start(new SqliteEngine.Parts(
                    file,
                    identity,
                    opened.get(0),
                    List.copyOf(opened.subList(1, opened.size())),
                    maxWaitingCalls,
                    maxGroupSize,
                    callbacks == null ? Callbacks.growing() : Callbacks.on(callbacks),
                    Listening.to(listener),
                    keys,
                    halt,
                    guarantees()));
            started = true;
            return engine;
        } catch (SQLException e) {
            throw SqliteFailure.of(e).toException(file, ray);
        } catch (IOException e) {
            throw unusable("it cannot be looked at (" + e.getClass().getSimpleName() + "); check its folder", ray);
        } finally {
            if (!started) {
                opened.forEach(SqliteConnection::close);
            }
        }
    }

    /** What {@link #start} would run on the file. Looks only. */
    List<MigrationScript> pending() {
        RayId ray = RayId.random();
        SqlSchema schema = schema();
        if (isMissing(ray)) {
            return schema.scripts();
        }
        refuseUnwritable(ray);
        NativeLibrary.load(file, ray);
        // Not as read-only: such a connection cannot take away the log and its index, which SQLite makes for every
        // reader,
        // and if others close meanwhile, their log stays behind with it.
        try (SqliteConnection connection =
                SqliteConnection.open(file, busyTimeout.toNanos(), new SqliteEngine.Halt())) {
            connection.configure(List.of("PRAGMA query_only = ON"));
            return schema.pending(alwaysThis(connection.jdbc()), ray);
        } catch (SQLException e) {
            throw SqliteFailure.of(e).toException(file, ray);
        }
    }

    private SqlSchema schema() {
        return new SqlSchema(SqlDialect.SQLITE, null, file.toString());
    }

    private Guarantees guarantees() {
        Guarantees all = Guarantees.all().without(Guarantee.DURABLE_BEYOND_NODE, "one file on one machine");
        return synchronous == SqliteStorage.Synchronous.FULL
                ? all
                : all.without(
                        Guarantee.DURABLE_BEYOND_POWER,
                        "opened with synchronous=NORMAL, which leaves the last commits to the operating system");
    }

    private void createIfMissing(RayId ray) {
        // One at a time in this process: creating closes a descriptor, and that would drop the locks of a storage that
        // opened the new file in between.
        synchronized (SqliteOpening.class) {
            if (!isMissing(ray)) {
                return;
            }
            try {
                Files.createFile(file, forThisUserAlone());
            } catch (FileAlreadyExistsException e) {
                // Another process was quicker; nothing was opened here.
                return;
            } catch (IOException e) {
                throw unusable(
                        "it cannot be created (" + e.getMessage() + "); choose a folder that may be written", ray);
            }
        }
    }

    /** Whether there is no such file, and one can be made. */
    private boolean isMissing(RayId ray) {
        if (Files.isDirectory(file)) {
            throw unusable("it is a folder; name a file in it", ray);
        }
        if (Files.exists(file)) {
            return false;
        }
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw unusable("its folder does not exist; create it first", ray);
        }
        return true;
    }

    private FileAttribute<?>[] forThisUserAlone() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private StorageUnavailableException unusable(String problem, RayId ray) {
        return new StorageUnavailableException(file + ": " + problem, false, ray);
    }

    /** Checks what the file is before anything in it changes, then brings it up to this release. */
    private void prepareFile(SqliteConnection connection, RayId ray) throws SQLException {
        SqlSchema schema = schema();
        boolean current = schema.check(connection.jdbc(), ray).equals(SqlSchema.VERSION);
        refuseUnwritable(ray);
        useLog(connection, ray);
        if (current) {
            return;
        }
        // SQLite's own lock is the one that holds between processes, so the whole migration is one transaction.
        beginMigration(connection);
        boolean done = false;
        try {
            schema.migrate(alwaysThis(connection.jdbc()), ray);
            connection.commit();
            done = true;
        } finally {
            if (!done) {
                connection.rollback();
            }
        }
    }

    private void refuseUnwritable(RayId ray) {
        if (!Files.isWritable(file)) {
            throw unusable("it may not be written; make it writable for this user", ray);
        }
    }

    /** Changing the mode needs the file for a moment alone, and SQLite does not wait for that by itself. */
    private void useLog(SqliteConnection connection, RayId ray) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                String mode = connection.execute("PRAGMA journal_mode = WAL");
                if (!"wal".equals(mode)) {
                    throw unusable(
                            "SQLite cannot keep a write-ahead log here (journal_mode is " + mode
                                    + "); put the file on a local disk, not on a network's",
                            ray);
                }
                return;
            } catch (SQLException e) {
                if (!SqliteFailure.of(e).isBusy() || System.nanoTime() - start > busyTimeout.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /** Another process may be migrating, which takes longer than a commit. */
    private void beginMigration(SqliteConnection connection) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                connection.begin();
                return;
            } catch (SQLException e) {
                if (!SqliteFailure.of(e).isBusy() || System.nanoTime() - start > MIGRATION_NANOS) {
                    throw e;
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    private void configure(SqliteConnection connection, boolean reading) throws SQLException {
        List<String> settings = new ArrayList<>(List.of(
                "PRAGMA synchronous = " + synchronous,
                "PRAGMA foreign_keys = ON",
                "PRAGMA recursive_triggers = ON",
                "PRAGMA temp_store = MEMORY",
                "PRAGMA cache_size = -" + (reading ? 8_000 : 64_000),
                "PRAGMA wal_autocheckpoint = " + walAutocheckpoint,
                // What an unusual burst left behind is given back to the disk.
                "PRAGMA journal_size_limit = " + walAutocheckpoint * 2L * 4_096));
        if (reading) {
            settings.add("PRAGMA query_only = ON");
        }
        connection.configure(settings);
    }

    /** A source that hands out the one connection, whose transaction is not the borrower's to end. */
    private static DataSource alwaysThis(Connection connection) {
        ClassLoader loader = SqliteOpening.class.getClassLoader();
        Connection lent = (Connection) Proxy.newProxyInstance(
                loader, new Class<?>[] {Connection.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "close", "commit", "rollback", "setAutoCommit" -> null;
                    case "getAutoCommit" -> true;
                    default -> {
                        try {
                            yield method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                });
        return (DataSource)
                Proxy.newProxyInstance(loader, new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return lent;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
