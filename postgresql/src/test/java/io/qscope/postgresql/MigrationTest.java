package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlSchema;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A schema of any earlier version is brought up to this release, and keeps its rows. */
@Timeout(120)
class MigrationTest {

    private static final String COLUMNS = """
            SELECT string_agg(table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable, ', '
                              ORDER BY table_name, column_name)
              FROM information_schema.columns WHERE table_schema = '%s'""";

    private static final String INDEXES = """
            SELECT string_agg(replace(indexdef, schemaname || '.', ''), ', ' ORDER BY indexname)
              FROM pg_indexes WHERE schemaname = '%s' AND tablename LIKE 'oauth%%'""";

    static IntStream earlierVersions() {
        return IntStream.range(1, Integer.parseInt(SqlSchema.VERSION));
    }

    @ParameterizedTest
    @MethodSource("earlierVersions")
    void aSchemaOfAnEarlierVersionIsMigratedAndKeepsItsRows(int version) throws Exception {
        String current = TestServer.newSchema();
        AccessToken access;
        DeviceCode device;
        try (Storage storage = Storage.open(TestServer.location(current))) {
            access = rows(storage).storedAccessToken();
            device = rows(storage).storedDeviceCode();
        }
        String old = current + "_v" + version;
        make(old, version, current);

        assertThat(Storage.pendingMigrations(TestServer.location(old)))
                .extracting(MigrationScript::version)
                .first()
                .isEqualTo(String.valueOf(version + 1));
        Storage.runMigrations(TestServer.location(old));

        assertThat(TestServer.ask(COLUMNS.formatted(old))).isEqualTo(TestServer.ask(COLUMNS.formatted(current)));
        assertThat(TestServer.ask(INDEXES.formatted(old))).isEqualTo(TestServer.ask(INDEXES.formatted(current)));
        try (Storage storage = Storage.open(TestServer.location(old))) {
            assertThat(get(storage.accessTokens().getByToken(access.token(), RayId.random())))
                    .contains(access);
            assertThat(get(storage.deviceCodes().getByUserCode(device.userCode(), RayId.random())))
                    .contains(device);
            DeviceCode known =
                    device.toBuilder().metadata(Map.of("audience", "api")).build();
            get(storage.deviceCodes().update(known, RayId.random()));
            assertThat(get(storage.deviceCodes().getById(device.id(), RayId.random())))
                    .contains(known.toBuilder().version(2).build());
            Authorization root = get(storage.authorizations().getById(device.authorizationId(), RayId.random()))
                    .orElseThrow();
            AuthorizationRequest request = rows(storage).stored(rows(storage).authorizationRequest(root));
            assertThat(get(storage.authorizationRequests().getByHandle(request.handle(), RayId.random())))
                    .contains(request);
        }
    }

    /** As an earlier release left it: its scripts alone, its part of Flyway's history, and rows of what it had. */
    static void make(String schema, int version, String current) throws Exception {
        String scripts = new SqlSchema(SqlDialect.POSTGRESQL, schema, "none")
                .scripts().stream()
                        .filter(script -> Integer.parseInt(script.version()) <= version)
                        .map(MigrationScript::sql)
                        .collect(Collectors.joining("\n"));
        TestServer.run("CREATE SCHEMA %1$s; SET search_path = %1$s; ".formatted(schema) + scripts);
        TestServer.run("""
                CREATE TABLE %1$s.qscope_schema_history (LIKE %2$s.qscope_schema_history INCLUDING ALL);
                INSERT INTO %1$s.qscope_schema_history SELECT * FROM %2$s.qscope_schema_history
                 WHERE version IS NULL OR version::int <= %3$s;
                """.formatted(schema, current, version));
        for (String table :
                new String[] {"oauth_clients", "oauth_authorizations", "oauth_access_tokens", "oauth_device_codes"}) {
            String columns = TestServer.ask("SELECT string_agg(column_name, ', ') FROM information_schema.columns"
                    + " WHERE table_schema = '" + schema + "' AND table_name = '" + table + "'");
            TestServer.run("INSERT INTO %1$s.%3$s (%4$s) SELECT %4$s FROM %2$s.%3$s"
                    .formatted(schema, current, table, columns));
        }
    }

    private static Rows rows(Storage storage) {
        return new Rows(storage, new Random());
    }

    private static <T> T get(CompletableFuture<T> call) throws Exception {
        return call.get(10, TimeUnit.SECONDS);
    }
}
