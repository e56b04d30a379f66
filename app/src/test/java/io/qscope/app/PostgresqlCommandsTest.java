package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The same commands on a server. */
@Timeout(300)
class PostgresqlCommandsTest {

    private static EmbeddedPostgres server;
    private static Map<String, String> environment;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start();
        environment = Map.of(
                "QSCOPE_STORAGE",
                "postgresql://postgres:not-asked-for@127.0.0.1:" + server.getPort() + "/postgres?sslmode=disable");
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Test
    void workAsOnAFile() {
        Commands qscope = new Commands(folder);
        qscope.run(environment, "status").failedInOneLine(ExitCode.STORAGE, "no tables of qscope", "qscope migrate");
        assertThat(qscope.run(environment, "migrate --show").out()).contains("CREATE TABLE oauth_clients");
        assertThat(Commands.texts(
                        Commands.json(qscope.run(environment, "migrate --json")).path("applied")))
                .startsWith("1", "2");
        assertThat(Commands.json(qscope.run(environment, "migrate --json")).path("applied"))
                .isEmpty();

        Finished demo = qscope.run(environment, "demo");
        assertThat(demo.code()).as("%s", demo).isZero();
        assertThat(demo.out()).contains("PostgreSQL", "All 13 steps passed.").doesNotContain("not-asked-for");

        JsonNode created = Commands.json(qscope.run(
                environment, "client create --client-id app --grant client_credentials --scope read --json"));
        assertThat(created.path("client_id").asString()).isEqualTo("app");
        assertThat(qscope.run(environment, "client list").out()).contains("app");
        JsonNode status = Commands.json(qscope.run(environment, "status --json"));
        assertThat(status.path("engine").asString()).startsWith("PostgreSQL ");
        assertThat(status.path("storage").asString()).doesNotContain("not-asked-for");
        JsonNode verified = Commands.json(qscope.run(environment, "audit verify --json"));
        assertThat(verified.path("intact").asBoolean()).isTrue();
        assertThat(verified.path("entries").asInt()).isGreaterThan(50);
        assertThat(qscope.run(environment, "audit tail -n 3").code()).isZero();
        assertThat(qscope.run(environment, "purge --before 7d").code()).isZero();
    }
}
