package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server that hangs keeps no socket of this process: neither one that was in use, nor one that was never let in. */
@Tag("long")
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class SocketsTest {

    /** As many as there are connections, several times. */
    private static final int CALLS = 30;

    private OwnServer server;
    private Vertx vertx;
    private Storage storage;
    private Rows rows;
    private OAuthClient client;

    @BeforeEach
    void open() throws Exception {
        server = OwnServer.started();
        // The application's own lives longer than the storage, and would keep the sockets.
        vertx = Vertx.vertx();
        String location = "postgresql://postgres@127.0.0.1:" + server.port() + "/postgres?sslmode=disable";
        try (Storage patient =
                PostgresqlStorage.builder(location).migrating(true).open()) {
            rows = new Rows(patient, new Random());
            client = rows.storedClient();
        }
        // Each call by itself, so that all connections are used: one that is not has no reason to be given up.
        storage = PostgresqlStorage.builder(location + "&call_timeout=2&connect_timeout=1&max_group_size=1")
                .vertx(vertx)
                .open();
    }

    @AfterEach
    void close() throws Exception {
        server.signal("CONT");
        storage.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        server.close();
    }

    /** Sockets that lead to the server, and that a process still has. */
    private int sockets() throws IOException {
        String remote = String.format(Locale.ROOT, ":%04X", server.port());
        int found = 0;
        for (String family : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(family))) {
                String[] columns = line.strip().split(" +", -1);
                if (columns[2].endsWith(remote) && !columns[9].equals("0")) {
                    found++;
                }
            }
        }
        return found;
    }

    private void callAndWait() throws Exception {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            calls.add(storage.accessTokens().insert(rows.accessToken(client), RayId.random()));
            calls.add(storage.clients().getById(client.id(), RayId.random()));
        }
        for (CompletableFuture<?> call : calls) {
            call.handle((done, failed) -> failed).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aServerThatHangsKeepsNoSocket() throws Exception {
        callAndWait();
        assertThat(sockets()).isGreaterThan(2);

        server.signal("STOP");
        for (int i = 0; i < 3; i++) {
            callAndWait();
            // Is still to be prepared, which the driver waits for before it says farewell.
            storage.keysInUse(Rows.NOW, RayId.random())
                    .handle((done, failed) -> failed)
                    .get(20, TimeUnit.SECONDS);
        }
        Eventually.holds("all sockets are closed", () -> sockets() == 0);

        server.signal("CONT");
        callAndWait();
        Eventually.holds(
                "calls succeed again",
                () -> storage.clients()
                        .getById(client.id(), RayId.random())
                        .handle((found, failed) -> failed == null)
                        .get(20, TimeUnit.SECONDS));
    }
}
