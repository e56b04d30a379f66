package io.qscope.sqlite;

import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRow;
import io.qscope.sql.SqlSession;
import io.qscope.sql.SqlStep;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/** One connection with its prepared statements, for one thread at a time; only {@link #interrupt} may come from another. */
final class SqliteConnection implements SqlSession, AutoCloseable {

    private static final int MOST_STATEMENTS = 1_000;
    private static final Pattern PARAMETER = Pattern.compile("'[^']*'|\\$(\\d+)");
    private static final String NONE_IS_OPEN = "no transaction is active";
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    private final Path file;
    private final Patience patience;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final ResultRow row = new ResultRow();

    /** An interrupt of a handle that is being freed would end the whole process. */
    private final Object handle = new Object();

    private SQLiteConnection connection;
    private List<String> settings = List.of();
    private boolean inTransaction;
    private boolean wrote;
    private boolean stuck;
    private boolean open = true;

    private SqliteConnection(Path file, Patience patience) throws SQLException {
        this.file = file;
        this.patience = patience;
        this.connection = connect(file, patience);
        connection.addCommitListener(new TransactionEnd());
    }

    /**
     * Opens a file that exists.
     *
     * @param busyNanos how long to wait for another connection's lock
     * @param gaveUp asked while waiting: true ends the wait
     */
    static SqliteConnection open(Path file, long busyNanos, BooleanSupplier gaveUp) throws SQLException {
        return new SqliteConnection(file, new Patience(busyNanos, gaveUp));
    }

    private static SQLiteConnection connect(Path file, Patience patience) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // Without CREATE: SQLite would make the file with the umask's mode.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        // As a URI, because the driver probes a plain name by creating and deleting it through Java's I/O.
        String uri = "file:" + file.toUri().getRawPath();
        SQLiteConnection opened = new JDBC4Connection("jdbc:sqlite:" + file, uri, config.toProperties());
        // The driver is to leave transactions to us; in its auto-commit mode it tries a BEGIN after each statement.
        opened.getConnectionConfig().setAutoCommit(false);
        // Nor is it to ask for the last rowid after each INSERT; nobody here wants it.
        opened.getConnectionConfig().setGetGeneratedKeys(false);
        BusyHandler.setHandler(opened, patience);
        return opened;
    }

    /** Runs statements that hold for this connection alone, now and whenever it has to be opened again. */
    void configure(List<String> pragmas) throws SQLException {
        settings = List.copyOf(pragmas);
        for (String pragma : settings) {
            execute(pragma);
        }
    }

    SQLiteConnection jdbc() {
        return connection;
    }

    /** Runs a statement of the engine's own, and answers the first column of its first row. */
    @Nullable
    String execute(String sql) throws SQLException {
        try {
            PreparedStatement statement = prepared(sql);
            if (statement.execute()) {
                try (ResultSet rows = statement.getResultSet()) {
                    return rows.next() ? rows.getString(1) : null;
                }
            }
            return null;
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    void begin() throws SQLException {
        execute("BEGIN IMMEDIATE");
        inTransaction = true;
    }

    void commit() throws SQLException {
        execute("COMMIT");
        inTransaction = false;
    }

    /** Ends the transaction, if SQLite has not done so itself. Afterwards there is none, and no lock is held. */
    void rollback() {
        inTransaction = false;
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains(NONE_IS_OPEN)) {
                // Only the end of the connection still ends the transaction, which would lock out every other writer.
                stuck = true;
                disconnect();
            }
        }
    }

    private void openAgain() throws SQLException {
        SQLiteConnection fresh = connect(file, patience);
        fresh.addCommitListener(new TransactionEnd());
        synchronized (handle) {
            connection = fresh;
            open = true;
        }
        stuck = false;
        boolean configured = false;
        try {
            configure(settings);
            configured = true;
        } finally {
            stuck = !configured;
            if (stuck) {
                disconnect();
            }
        }
    }

    /** Begins a transaction for reading; false when it cannot, and each statement then has its own. */
    boolean beginReading() {
        try {
            execute("BEGIN");
            return true;
        } catch (SQLException e) {
            // The statements that follow will say what is wrong.
            return false;
        }
    }

    /** Ends the transaction, so that the next statement sees the newest commit. */
    void endReading() {
        try {
            execute("COMMIT");
        } catch (SQLException e) {
            rollback();
        }
    }

    /** False once SQLite rolled the transaction back on its own: a further statement would commit by itself. */
    boolean inTransaction() {
        return inTransaction;
    }

    /** Whether a statement touched a row since {@link #forgetWrites}. */
    boolean wrote() {
        return wrote;
    }

    void forgetWrites() {
        wrote = false;
    }

    void interrupt() {
        synchronized (handle) {
            try {
                if (open) {
                    connection.getDatabase().interrupt();
                }
            } catch (SQLException none) {
                // Nothing runs on it.
            }
        }
    }

    @Override
    public SqlStep.Done run(SqlStep step) {
        try {
            PreparedStatement statement = bound(step.text(), step.parameters());
            SqlRow.Mapper<?> mapper = step.returning();
            if (mapper == null) {
                int rows = statement.executeUpdate();
                wrote |= rows > 0;
                return new SqlStep.Done(rows, List.of());
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<Object> returned = new ArrayList<>(1);
                while (rows.next()) {
                    wrote = true;
                    returned.add(row.mapped(mapper, rows));
                }
                return new SqlStep.Done(returned.size(), returned);
            }
        } catch (SQLException e) {
            throw failed(step.text(), e).ofStep();
        }
    }

    @Override
    public <T> List<T> ask(SqlQuery<T> query) {
        try {
            try (ResultSet rows = bound(query.text(), query.parameters()).executeQuery()) {
                List<T> found = new ArrayList<>(1);
                while (rows.next()) {
                    found.add(row.mapped(query.mapper(), rows));
                }
                return found;
            }
        } catch (SQLException e) {
            throw failed(query.text(), e);
        }
    }

    @Override
    public void close() {
        disconnect();
    }

    private void disconnect() {
        synchronized (handle) {
            open = false;
        }
        statements.clear();
        try {
            connection.close();
        } catch (SQLException e) {
            // Everything acknowledged is committed; there is nothing left to save.
        }
    }

    private PreparedStatement bound(String text, List<@Nullable Object> parameters) throws SQLException {
        PreparedStatement statement = prepared(text);
        for (int i = 0; i < parameters.size(); i++) {
            Object value = parameters.get(i);
            if (value instanceof String string) {
                refuseHalfPairs(string);
                statement.setString(i + 1, string);
            } else if (value instanceof Long number) {
                statement.setLong(i + 1, number);
            } else if (value instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else if (value instanceof Boolean flag) {
                statement.setInt(i + 1, flag ? 1 : 0);
            } else if (value == null) {
                statement.setNull(i + 1, Types.NULL);
            } else {
                throw new IllegalStateException("a parameter of type " + value.getClass());
            }
        }
        return statement;
    }

    /** A text that has no UTF-8 form. */
    static final class Unencodable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unencodable() {
            super("a text has no UTF-8 form: it holds half of a surrogate pair", null, false, false);
        }
    }

    /** Java would encode it as a question mark, and find the row that is so named. */
    private static void refuseHalfPairs(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new Unencodable();
                }
                i++;
            }
        }
    }

    private PreparedStatement prepared(String text) throws SQLException {
        if (stuck) {
            openAgain();
        }
        PreparedStatement statement = statements.get(text);
        if (statement == null) {
            if (statements.size() >= MOST_STATEMENTS) {
                forgetStatements();
            }
            statement = connection.prepareStatement(inSqlite(text));
            statements.put(text, statement);
        }
        return statement;
    }

    private void forgetStatements() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }

    /**
     * A statement in SQLite's words. It counts {@code $1} as a name, in order of appearance; {@code ?1} is the first. The plus, which
     * changes neither a value nor how it is compared, hides the value from the planner: where a file has the statistics of an ANALYZE,
     * SQLite would compile a statement anew for each value that is bound to it, which costs more than running it.
     */
    static String inSqlite(String text) {
        return PARAMETER
                .matcher(text)
                .replaceAll(found ->
                        found.group(1) == null ? Matcher.quoteReplacement(found.group()) : "+?" + found.group(1));
    }

    private SqliteFailure failed(String text, SQLException e) {
        SqliteFailure failure = SqliteFailure.of(e);
        if (!failure.leavesStatement()) {
            forget(text);
        }
        return failure;
    }

    /** The driver closes a statement that failed hard; it would fail for ever. */
    private void forget(String text) {
        PreparedStatement statement = statements.remove(text);
        if (statement != null) {
            try {
                statement.close();
            } catch (SQLException e) {
                // It repeats why the statement failed, which is known.
            }
        }
    }

    /** Notices when SQLite rolls back on its own. */
    private final class TransactionEnd implements SQLiteCommitListener {

        @Override
        public void onCommit() {
            inTransaction = false;
        }

        @Override
        public void onRollback() {
            inTransaction = false;
        }
    }

    /** Waits for a lock in small steps, so that a gap between two commits of a busy process is not missed. */
    private static final class Patience extends BusyHandler {

        private final long busyNanos;
        private final BooleanSupplier gaveUp;
        private long since;

        Patience(long busyNanos, BooleanSupplier gaveUp) {
            this.busyNanos = busyNanos;
            this.gaveUp = gaveUp;
        }

        @Override
        protected int callback(int asked) {
            long now = System.nanoTime();
            if (asked == 0) {
                since = now;
            }
            if (now - since > busyNanos || gaveUp.getAsBoolean()) {
                return 0;
            }
            LockSupport.parkNanos(this, Math.min(LONGEST_PAUSE_NANOS, 50_000L * (asked + 1)));
            return 1;
        }
    }
}
