package io.qscope.app;

import io.qscope.store.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * Moves a database file out of the way. Every question about the file is put to SQLite: a descriptor of our own would, when
 * closed, drop the locks that this process holds on it.
 */
final class SqliteFile {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    /** Tables of qscope's that hold no rows of the contract. */
    private static final Set<String> BESIDE_ROWS = Set.of("qscope_schema_history", "oauth_audit_heads");

    private static final String HISTORY = "qscope_schema_history";
    private static final String READ_AND_WRITE_NOT_CREATE = "2";

    // SQLite's result codes, https://sqlite.org/rescode.html; the low byte is the class of a finer code.
    private static final int CODE_CLASS = 0xff;
    private static final int NOTHING_OF_SQLITES = 0;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READ_ONLY = 8;
    private static final int CANNOT_OPEN = 14;
    private static final int NOT_A_DATABASE = 26;

    private SqliteFile() {}

    /**
     * Renames a database of qscope's, with all that is committed, so that its name is free.
     *
     * @return its new name, in the same folder; empty when there is no such file, or nothing in it
     * @throws CommandFailure when the file is no database of qscope's alone, or is in use; it is left as it is
     */
    static Optional<Path> moveAside(Path file, Instant now) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties modes = new Properties();
        modes.setProperty("open_mode", READ_AND_WRITE_NOT_CREATE);
        // As a URI, in which nothing of the name can be taken for an option.
        String uri = "jdbc:sqlite:file:" + file.toUri().getRawPath();
        try (Connection connection = DriverManager.getConnection(uri, modes);
                Statement statement = connection.createStatement()) {
            List<String> tables = tables(statement);
            if (tables.isEmpty()) {
                return Optional.empty();
            }
            if (!tables.contains(HISTORY) || !tables.stream().allMatch(SqliteFile::isOurs)) {
                throw failure(file, "it holds tables that are not qscope's");
            }
            return Optional.of(rename(file, now, statement));
        } catch (SQLException refused) {
            throw failure(file, cause(refused));
        } catch (IOException refused) {
            throw failure(file, "it cannot be renamed: " + refused);
        }
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static boolean isOurs(String table) {
        return BESIDE_ROWS.contains(table)
                || table.startsWith("sqlite_")
                || Arrays.stream(TableName.values())
                        .anyMatch(ours -> ours.toString().equals(table));
    }

    private static Path rename(Path file, Instant now, Statement statement) throws SQLException, IOException {
        // Leaving WAL brings everything into the one file, and SQLite refuses it while anybody else has the file open.
        try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = DELETE")) {
            if (!mode.next() || !mode.getString(1).equals("delete")) {
                throw failure(file, "it is in use");
            }
        }
        statement.execute("BEGIN EXCLUSIVE");
        // A link stays, and leads to the new database.
        Path real = file.toRealPath();
        String name = real.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String aside = (dot > 0 ? name.substring(0, dot) : name) + "-" + STAMP.format(now)
                + (dot > 0 ? name.substring(dot) : "");
        return Files.move(real, real.resolveSibling(aside));
    }

    private static String cause(SQLException refused) {
        return switch (refused.getErrorCode() & CODE_CLASS) {
            case NOTHING_OF_SQLITES -> "SQLite cannot be started; without --fresh, the command says why";
            case NOT_A_DATABASE -> "it is not a SQLite database";
            case BUSY, LOCKED -> "it is in use; close what uses it and try again";
            case READ_ONLY -> "it is read-only";
            case CANNOT_OPEN -> "it cannot be opened; it must be a file that may be read and written";
            default -> "SQLite says: " + refused.getMessage();
        };
    }

    private static CommandFailure failure(Path file, String cause) {
        return new CommandFailure(file + " was not moved aside and is unharmed: " + cause, null);
    }
}
