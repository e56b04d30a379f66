package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlSchema;
import io.qscope.store.Attempt;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the schema refuses by itself, whoever writes: every CHECK that stands in its files has a value that it refuses. */
@Timeout(120)
class SchemaChecksTest {

    private static final Pattern TABLE = Pattern.compile("CREATE TABLE (\\w+) \\(|ALTER TABLE (\\w+) ADD COLUMN");
    private static final Pattern CHECK = Pattern.compile(" {2}(\\w+) +(?:TEXT|INTEGER|BLOB) .*CHECK \\((.+)\\)[,;]?");

    /** For each CHECK, what it refuses, in SQL. */
    private static final Map<String, List<String>> REFUSED = Map.ofEntries(
            Map.entry("length(id) BETWEEN 1 AND 100", List.of("''", "'" + "x".repeat(101) + "'")),
            Map.entry("version >= 1", List.of("0", "-1")),
            Map.entry("client_secret LIKE '{%}_%'", List.of("'plain'", "'{noop}'")),
            Map.entry("previous_client_secret LIKE '{%}_%'", List.of("'plain'", "'{noop}'")),
            Map.entry("password LIKE '{%}_%'", List.of("'plain'", "'{noop}'")),
            Map.entry("json_valid(claims)", List.of("'{'")),
            Map.entry("is_confidential IN (0, 1)", List.of("2", "-1")),
            Map.entry("json_valid(redirect_uris)", List.of("'['")),
            Map.entry("json_valid(grant_types)", List.of("'['")),
            Map.entry("is_enabled IN (0, 1)", List.of("2", "-1")),
            Map.entry("json_valid(config)", List.of("'{'")),
            Map.entry("json_valid(attributes)", List.of("'{'")),
            Map.entry("json_valid(metadata)", List.of("'{'")),
            Map.entry("length(code) = 32", List.of("zeroblob(31)", "zeroblob(33)")),
            Map.entry("length(token) = 32", List.of("zeroblob(31)", "zeroblob(33)")),
            Map.entry("length(device_code) = 32", List.of("zeroblob(31)", "zeroblob(33)")),
            Map.entry("length(user_code) = 32", List.of("zeroblob(31)", "zeroblob(33)")),
            Map.entry("length(handle) = 32", List.of("zeroblob(31)", "zeroblob(33)")),
            Map.entry("json_valid(parameters)", List.of("'{'")),
            Map.entry("length(throttle_key) = 32", List.of("zeroblob(31)", "zeroblob(33)")),
            Map.entry("counted BETWEEN 0 AND 2147483647", List.of("-1", "2147483648")),
            Map.entry("counted_as BETWEEN 1 AND 2147483647", List.of("0", "2147483648")),
            Map.entry("grace_uses >= 0", List.of("-1")),
            Map.entry("poll_interval >= 1", List.of("0")),
            Map.entry("state IN ('PENDING', 'APPROVED', 'DENIED', 'CONSUMED')", List.of("'LOST'", "'pending'")),
            Map.entry("polled_too_soon IN (0, 1)", List.of("2", "-1")));

    @TempDir
    static Path folder;

    private static Connection connection;

    @BeforeAll
    static void storeOneRowOfEachTable() throws SQLException {
        Path file = folder.resolve("checks.db");
        try (Storage storage = SqliteStorage.builder(file).open()) {
            Rows rows = Sqlite.rows(storage);
            rows.storedCode();
            rows.storedAccessToken();
            rows.storedRefreshToken();
            rows.storedDeviceCode();
            rows.storedIdToken();
            rows.storedSigningKey();
            rows.storedUserAccount();
            rows.storedAuthorizationRequest();
            rows.storedConsent();
            Sqlite.await(storage.throttles()
                    .count(rows.digest(), Duration.ofMinutes(1), Attempt.of(Rows.NOW, "test"), Sqlite.ray()));
            rows.storedAuditLog();
        }
        connection = Sqlite.connect(file);
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
    }

    /** A CHECK as it stands in the file. */
    record Check(String table, String column, String expression) {}

    static List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        String table = "";
        for (String line : schema().lines().toList()) {
            Matcher created = TABLE.matcher(line);
            if (created.matches()) {
                table = created.group(1) == null ? created.group(2) : created.group(1);
            }
            Matcher check = CHECK.matcher(line);
            if (check.matches()) {
                checks.add(new Check(table, check.group(1), check.group(2)));
            }
        }
        return checks;
    }

    @ParameterizedTest
    @MethodSource("checks")
    void everyCheckRefusesABadValue(Check check) throws SQLException {
        assertThat(REFUSED).as("bad values for each CHECK").containsKey(check.expression());
        for (String bad : Objects.requireNonNull(REFUSED.get(check.expression()))) {
            String insert = copyOfARow(check.table(), check.column(), bad);
            assertThatThrownBy(() -> Sqlite.run(connection, insert))
                    .as(insert)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("CHECK constraint failed: " + check.expression());
        }
    }

    @Test
    void noCheckIsOverlooked() {
        assertThat(checks()).hasSize(schema().split("CHECK \\(", -1).length - 1);
    }

    /** An insert of a stored row again, under another id and with that value; CHECKs are judged before keys. */
    private static String copyOfARow(String table, String column, String value) throws SQLException {
        List<String> columns = Sqlite.ask(connection, "SELECT name FROM pragma_table_info('" + table + "')");
        List<String> values = new ArrayList<>(columns);
        if (columns.contains("id")) {
            values.set(columns.indexOf("id"), "'another'");
        }
        values.set(columns.indexOf(column), value);
        return "INSERT INTO %s (%s) SELECT %s FROM %s LIMIT 1"
                .formatted(table, String.join(", ", columns), String.join(", ", values), table);
    }

    private static String schema() {
        return new SqlSchema(SqlDialect.SQLITE, null, "none")
                .scripts().stream().map(MigrationScript::sql).collect(Collectors.joining("\n"));
    }
}
