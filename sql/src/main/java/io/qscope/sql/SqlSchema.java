package io.qscope.sql;

import io.qscope.model.RayId;
import io.qscope.store.Migration;
import io.qscope.store.MigrationScript;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.ValidateResult;
import org.jspecify.annotations.Nullable;

/**
 * The schema of one SQL dialect: plain {@code .sql} files under {@code io/qscope/sql/<dialect>}, applied by Flyway, which keeps
 * its history in a table of ours, so that an application's own migrations in the same database stay apart.
 *
 * <p>Instances are immutable. Whoever migrates holds the database's own lock where Flyway knows none.
 */
public final class SqlSchema {

    /** Where Flyway notes what it applied. */
    public static final String HISTORY = "qscope_schema_history";

    /** The version that this release works with. */
    public static final String VERSION = MigrationFiles.latestVersion();

    private final SqlDialect dialect;
    private final @Nullable String schema;
    private final String database;

    /**
     * The schema of a database.
     *
     * @param schema the database's schema that the tables are in, made when it is missing; none: the database has no such thing
     * @param database what to call the database in errors: its file, or its host and name
     */
    public SqlSchema(SqlDialect dialect, @Nullable String schema, String database) {
        this.dialect = dialect;
        this.schema = schema;
        this.database = database;
    }

    /** What makes the schema of an empty database, in order. */
    public List<MigrationScript> scripts() {
        return MigrationFiles.of(dialect.folder());
    }

    /**
     * What {@link #migrate} would run on a database, in order. It is only read.
     *
     * @throws StorageUnavailableException as {@link #check}
     * @throws StorageCorruptedException as {@link #migrate}
     * @throws SQLException what the database said
     */
    public List<MigrationScript> pending(DataSource source, RayId rayId) throws SQLException {
        String from;
        try (Connection connection = source.getConnection()) {
            from = check(connection, rayId);
        }
        if (from.isEmpty()) {
            return scripts();
        }
        if (from.equals(VERSION)) {
            return List.of();
        }
        refuseAnotherHistory(source, rayId);
        MigrationVersion found = MigrationVersion.fromVersion(from);
        return scripts().stream()
                .filter(script -> !found.isAtLeast(script.version()))
                .toList();
    }

    /**
     * The version of a database, which is only read. Refuses one that this release must not touch.
     *
     * @return empty for a database that holds no schema of ours yet
     * @throws StorageUnavailableException when its schema is newer than this release
     * @throws StorageCorruptedException when another application's tables stand where ours would
     */
    public String check(Connection connection, RayId rayId) throws SQLException {
        List<String> tables = tables(connection);
        if (!tables.contains(HISTORY)) {
            refuseForeign(tables, rayId);
            return "";
        }
        MigrationVersion found = found(connection);
        if (found == null) {
            return "";
        }
        if (found.compareTo(MigrationVersion.fromVersion(VERSION)) > 0) {
            throw new StorageUnavailableException(
                    database + ": its schema has version " + found + ", and this release knows none above " + VERSION
                            + "; upgrade qscope, or open another database",
                    false,
                    rayId);
        }
        return found.toString();
    }

    /**
     * Brings a database up to {@link #VERSION}; does nothing when it is there.
     *
     * @throws StorageUnavailableException as {@link #check}
     * @throws StorageCorruptedException as {@link #check}, and when what was applied is not what this release would have applied
     * @throws SQLException what the database said
     */
    public Migration migrate(DataSource source, RayId rayId) throws SQLException {
        String from;
        try (Connection connection = source.getConnection()) {
            from = check(connection, rayId);
        }
        if (from.equals(VERSION)) {
            return new Migration(from, from, 0);
        }
        try {
            int applied = flyway(source).migrate().migrationsExecuted;
            return new Migration(from, VERSION, applied);
        } catch (FlywayException e) {
            SQLException cause = causeIn(e);
            if (cause != null) {
                throw cause;
            }
            throw unmigratable(e.getMessage(), rayId);
        }
    }

    private Flyway flyway(DataSource source) {
        FluentConfiguration configuration = Flyway.configure(SqlSchema.class.getClassLoader());
        if (schema != null) {
            configuration.defaultSchema(schema).createSchemas(true);
        }
        return configuration
                .dataSource(source)
                .locations("classpath:io/qscope/sql/" + dialect.folder())
                .failOnMissingLocations(true)
                .table(HISTORY)
                .validateOnMigrate(true)
                .cleanDisabled(true)
                // A database that already serves an application may take our tables too.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    /** What a migration would look at first: whether what was applied is what this release would have applied. */
    private void refuseAnotherHistory(DataSource source, RayId rayId) {
        ValidateResult result = Flyway.configure(SqlSchema.class.getClassLoader())
                .configuration(flyway(source).getConfiguration())
                .ignoreMigrationPatterns("*:pending")
                .load()
                .validateWithResult();
        if (!result.validationSuccessful) {
            throw unmigratable(result.getAllErrorMessages(), rayId);
        }
    }

    private StorageCorruptedException unmigratable(@Nullable String why, RayId rayId) {
        return new StorageCorruptedException(
                database + ": its schema cannot be brought to version " + VERSION + ": "
                        + String.valueOf(why).strip().replaceAll("\\s+", " "),
                rayId);
    }

    private void refuseForeign(List<String> tables, RayId rayId) {
        String taken = Arrays.stream(TableName.values())
                .map(TableName::toString)
                .filter(tables::contains)
                .collect(Collectors.joining(", "));
        if (!taken.isEmpty()) {
            throw new StorageCorruptedException(
                    database + ": it holds tables of another application (" + taken + ") and no " + HISTORY
                            + "; nothing was changed, use another database",
                    rayId);
        }
    }

    private List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        DatabaseMetaData metadata = connection.getMetaData();
        String within = schema != null ? literally(schema, metadata) : connection.getSchema();
        try (ResultSet found = metadata.getTables(connection.getCatalog(), within, "%", new String[] {"TABLE"})) {
            while (found.next()) {
                tables.add(found.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        return tables;
    }

    /** A name where JDBC takes a pattern, in which these two stand for others. */
    private static String literally(String name, DatabaseMetaData metadata) throws SQLException {
        String escape = metadata.getSearchStringEscape();
        return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
    }

    private @Nullable MigrationVersion found(Connection connection) throws SQLException {
        MigrationVersion highest = null;
        try (Statement statement = connection.createStatement();
                ResultSet versions =
                        statement.executeQuery("SELECT version FROM " + (schema == null ? "" : '"' + schema + "\".")
                                + HISTORY + " WHERE version IS NOT NULL AND type <> 'BASELINE'")) {
            while (versions.next()) {
                MigrationVersion version = MigrationVersion.fromVersion(versions.getString(1));
                if (highest == null || version.compareTo(highest) > 0) {
                    highest = version;
                }
            }
        }
        return highest;
    }

    private static @Nullable SQLException causeIn(Throwable e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
