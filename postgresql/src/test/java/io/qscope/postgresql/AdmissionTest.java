package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that lets nobody in, or not this user: what it says is passed on, and secrets are not. */
@Timeout(120)
class AdmissionTest {

    private static final String SECRET = "correct-horse";
    private static final String WRONG = "battery-staple";

    private static OwnServer server;

    @BeforeAll
    static void start() throws Exception {
        server = OwnServer.started("max_connections=20");
        server.run("CREATE ROLE guarded LOGIN PASSWORD '" + SECRET + "'; CREATE ROLE guest LOGIN;"
                + " CREATE SCHEMA qscope; GRANT ALL ON SCHEMA qscope TO guarded, guest");
        Path rules = Path.of(server.data(), "pg_hba.conf");
        Files.writeString(rules, "host all guarded 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        server.run("SELECT pg_reload_conf()");
        PostgresqlStorage.builder(location("guarded"))
                .password(SECRET)
                .migrating(true)
                .open()
                .close();
        server.run("GRANT ALL ON ALL TABLES IN SCHEMA qscope TO guest");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String location(String user) {
        return "postgresql://" + user + "@127.0.0.1:" + server.port()
                + "/postgres?sslmode=disable&call_timeout=2&connect_timeout=2";
    }

    private static Optional<StorageUnavailableException> failure(CompletableFuture<?> call) throws Exception {
        Throwable failure = call.handle((done, failed) -> failed).get(10, TimeUnit.SECONDS);
        return Optional.ofNullable((StorageUnavailableException) failure);
    }

    private static String messageOf(CompletableFuture<?> call) throws Exception {
        StorageUnavailableException failed = failure(call).orElseThrow();
        assertThat(failed.outcomeUnknown()).isFalse();
        return String.valueOf(failed.getMessage());
    }

    @Test
    void aWrongPasswordIsSaidToBeOneAndNotRepeated() {
        assertThatThrownBy(() -> PostgresqlStorage.builder(location("guarded"))
                        .password(WRONG)
                        .open())
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("28P01")
                .hasMessageContaining("check user and password")
                .hasMessageNotContaining(WRONG);
    }

    @Test
    void aPasswordThatIsChangedMeanwhileIsSaidToBeWrong() throws Exception {
        try (Storage storage =
                PostgresqlStorage.builder(location("guarded")).password(SECRET).open()) {
            storage.health(RayId.random()).get(10, TimeUnit.SECONDS);
            server.run("ALTER ROLE guarded PASSWORD '" + WRONG + "'");
            server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'guarded'");

            assertThat(messageOf(storage.health(RayId.random())))
                    .contains("28P01", "check user and password")
                    .doesNotContain(SECRET);

            server.run("ALTER ROLE guarded PASSWORD '" + SECRET + "'");
            Eventually.holds(
                    "it is let in again",
                    () -> failure(storage.health(RayId.random())).isEmpty());
        }
    }

    @Test
    void aServerThatIsFullIsSaidToBeFull() throws Exception {
        List<Connection> crowd = new ArrayList<>();
        try (Storage storage = Storage.open(location("guest"))) {
            fill(crowd);
            assertThat(messageOf(storage.health(RayId.random()))).contains("53300", "out of connections");
            assertThatThrownBy(() -> Storage.open(location("guest")))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("53300")
                    .hasMessageContaining("out of connections");

            crowd.remove(0).close();
            Eventually.holds(
                    "one connection is enough",
                    () -> failure(storage.health(RayId.random())).isEmpty());
        } finally {
            for (Connection each : crowd) {
                each.close();
            }
        }
    }

    /** Until a user without privileges is not let in any more. */
    private static void fill(List<Connection> crowd) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=guest&sslmode=disable";
        while (true) {
            try {
                crowd.add(DriverManager.getConnection(url));
            } catch (SQLException full) {
                assertThat(full.getSQLState()).isEqualTo("53300");
                return;
            }
        }
    }

    /** Ten connections are wanted, and there are fewer. */
    @Test
    void writesGoOnOnTheConnectionsThatAreLetIn() throws Exception {
        List<Connection> crowd = new ArrayList<>();
        try (Storage storage = PostgresqlStorage.builder(location("guest"))
                .callTimeout(java.time.Duration.ofSeconds(30))
                .open()) {
            Rows rows = new Rows(storage, new Random());
            OAuthClient client = rows.storedClient();
            fill(crowd);
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(storage.accessTokens().insert(rows.accessToken(client), RayId.random()));
            }
            for (CompletableFuture<?> call : calls) {
                call.get(30, TimeUnit.SECONDS);
            }
            assertThat(server.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'guest'"
                            + " AND application_name = 'qscope'"))
                    .isIn("1", "2");
        } finally {
            for (Connection each : crowd) {
                each.close();
            }
        }
    }
}
