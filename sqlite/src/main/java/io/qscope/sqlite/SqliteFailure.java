package io.qscope.sqlite;

import io.qscope.model.RayId;
import io.qscope.sql.ConstraintViolation;
import io.qscope.store.AuditLogTable;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite said, on its way to the words that a caller can act on. Never leaves the engine. */
final class SqliteFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String UNIQUE = "UNIQUE constraint failed: ";

    private final SQLiteErrorCode code;
    private final String said;
    private final boolean outcomeUnknown;

    private SqliteFailure(SQLiteErrorCode code, String said, boolean outcomeUnknown) {
        super(code.name() + ": " + said, null, false, false);
        this.code = code;
        this.said = said;
        this.outcomeUnknown = outcomeUnknown;
    }

    static SqliteFailure of(SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException sqlite
                ? sqlite.getResultCode()
                : SQLiteErrorCode.getErrorCode(e.getErrorCode());
        return new SqliteFailure(code, said(e), false);
    }

    /** The failure of a COMMIT, after which the transaction is gone from this process. */
    static SqliteFailure ofCommit(SQLException e) {
        SqliteFailure failure = of(e);
        // Its frames may be in the log before the commit fails, and be found whole after a crash. Without the lock
        // there
        // are none, and on a full disk the last one is missing.
        boolean known = failure.isBusy() || failure.primary() == SQLiteErrorCode.SQLITE_FULL.code;
        return known ? failure : failure.withUnknownOutcome();
    }

    /** A transaction that SQLite ended on its own while a statement failed for what looked like a lesser reason. */
    static SqliteFailure rolledBack() {
        return new SqliteFailure(SQLiteErrorCode.SQLITE_ABORT, "the transaction was rolled back", false);
    }

    SqliteFailure withUnknownOutcome() {
        return new SqliteFailure(code, said, true);
    }

    boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /** What a call is told of a step that a constraint refused; the failure itself when it was something else. */
    RuntimeException ofStep() {
        if (primary() != SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
            return this;
        }
        if (said.startsWith(UNIQUE)) {
            return new ConstraintViolation(ConstraintViolation.Kind.UNIQUE, columns(said.substring(UNIQUE.length())));
        }
        if (said.startsWith("NOT NULL constraint failed: ")) {
            return new ConstraintViolation(
                    ConstraintViolation.Kind.CHECK, columns(said.substring("NOT NULL constraint failed: ".length())));
        }
        return switch (code) {
            case SQLITE_CONSTRAINT_FOREIGNKEY ->
                new ConstraintViolation(ConstraintViolation.Kind.FOREIGN_KEY, List.of());
            case SQLITE_CONSTRAINT_TRIGGER ->
                said.equals(AuditLogTable.APPEND_ONLY)
                        ? new UnsupportedOperationException(AuditLogTable.APPEND_ONLY)
                        : new ConstraintViolation(ConstraintViolation.Kind.CHECK, List.of());
            default -> new ConstraintViolation(ConstraintViolation.Kind.CHECK, List.of());
        };
    }

    /**
     * Whether only the statement failed. All else may have rolled back the whole transaction (FULL, IOERR, NOMEM, BUSY,
     * INTERRUPT), or bodes ill for it.
     */
    boolean concernsOneStatement() {
        int primary = primary();
        return primary == SQLiteErrorCode.SQLITE_ERROR.code
                || primary == SQLiteErrorCode.SQLITE_CONSTRAINT.code
                || primary == SQLiteErrorCode.SQLITE_TOOBIG.code
                || primary == SQLiteErrorCode.SQLITE_MISMATCH.code
                || primary == SQLiteErrorCode.SQLITE_RANGE.code;
    }

    /** Whether the driver keeps the statement open that failed. */
    boolean leavesStatement() {
        return isBusy() || primary() == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    boolean isBusy() {
        int primary = primary();
        return primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    /** What the caller gets. */
    StorageException toException(Path file, RayId rayId) {
        String problem = file + ": " + problem() + " (" + code.name() + ")";
        if (outcomeUnknown) {
            return new StorageUnavailableException(problem, true, rayId);
        }
        return switch (SQLiteErrorCode.getErrorCode(primary())) {
            case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_SCHEMA ->
                new StorageCorruptedException(problem, rayId);
            default -> new StorageUnavailableException(problem, false, rayId);
        };
    }

    private String problem() {
        return switch (SQLiteErrorCode.getErrorCode(primary())) {
            case SQLITE_NOTADB -> "it is not a SQLite database; name another file";
            case SQLITE_CORRUPT -> "the database is damaged; restore it from a backup";
            case SQLITE_CANTOPEN ->
                "it or its -wal and -shm files cannot be opened; check that the folder is there and may be written";
            case SQLITE_READONLY, SQLITE_PERM ->
                "it may not be written; make the file and its folder writable for this user";
            case SQLITE_FULL -> "no room is left; free some on the disk or raise the database's limit, then call again";
            case SQLITE_IOERR -> "the disk answered with an error; look at the system's log";
            case SQLITE_BUSY, SQLITE_LOCKED ->
                "another connection or process has locked it for too long; call again, or find out what holds it";
            case SQLITE_NOMEM -> "memory ran out; give the process more";
            case SQLITE_INTERRUPT -> "the call was cut short by the storage's closing";
            case SQLITE_ABORT -> "the transaction was rolled back; call again";
            default -> "SQLite refused a statement of qscope: " + said;
        };
    }

    private int primary() {
        return code.code & 0xFF;
    }

    /** SQLite's own words, without those that the driver puts around them. */
    private static String said(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int from = message.indexOf(" (");
        return from >= 0 && message.endsWith(")") ? message.substring(from + 2, message.length() - 1) : message;
    }

    /** {@code t.a, t.b} as {@code a} and {@code b}. */
    private static List<String> columns(String named) {
        return Arrays.stream(named.split(", ", -1))
                .map(column -> column.substring(column.indexOf('.') + 1))
                .toList();
    }
}
