package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qscope.model.AuditLog;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit tail --follow}, while a server writes. */
@Timeout(120)
final class FollowedLogTest {

    private static final RayId RAY = new RayId("a-request-of-the-server");

    /** Longer than entries may come late, as the command sees it. */
    private static final Duration LONG = Duration.ofSeconds(11);

    @TempDir
    private Path folder;

    private Storage server;
    private Process follower;
    private BufferedReader shown;

    @BeforeEach
    void begin() throws IOException {
        server = Storage.open("sqlite:" + folder.resolve("qscope.db"), StorageOptions.with(Finished.KEYS));
        write("opens the chain", Instant.now().minusSeconds(1));
        write("before", Instant.now());
        follower = Finished.process(folder, Map.of(), "audit", "tail", "--follow", "-n", "1", "--json")
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        shown = follower.inputReader(StandardCharsets.UTF_8);
        assertThat(shown.readLine()).contains("\"before\"");
    }

    @AfterEach
    void end() throws InterruptedException {
        follower.destroyForcibly().waitFor();
        server.close();
    }

    private void write(String subject, Instant at) {
        write(subject, at, null);
    }

    private void write(String subject, Instant at, @Nullable String clientId) {
        server.auditLog()
                .insert(
                        AuditLog.builder()
                                .id(RowIds.next())
                                .eventType("test.happened")
                                .subject(subject)
                                .clientId(clientId)
                                .rayId(RAY)
                                .createdAt(at)
                                .createdBy("server")
                                .build(),
                        RAY)
                .join();
    }

    @Test
    void showsWhatComesAndWhatComesLate() throws IOException {
        write("new", Instant.now());
        assertThat(shown.readLine()).contains("\"new\"");
        write("of a clock behind", Instant.now().minusSeconds(5));
        assertThat(shown.readLine()).contains("of a clock behind");
    }

    @Test
    void showsAClientByItsClientId() throws IOException {
        OAuthClient client = OAuthClient.builder()
                .id(RowIds.next())
                .clientIdentifier("the-client")
                .createdAt(Instant.now())
                .createdBy("server")
                .build();
        server.clients().insert(client, RAY).join();
        Process people = Finished.process(folder, Map.of(), "audit", "tail", "--follow", "-n", "1")
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        try (BufferedReader read = people.inputReader(StandardCharsets.UTF_8)) {
            assertThat(read.readLine()).startsWith("created_at");
            assertThat(read.readLine()).contains("  before  ");
            write("new", Instant.now(), client.id());
            assertThat(read.readLine()).contains("  new  the-client  ");
        } finally {
            people.destroyForcibly();
        }
    }

    @Test
    void showsWhatCameWhileItWasStopped() throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/sh")), "there is no shell to stop a process with");
        signal("STOP");
        write("while it was stopped", Instant.now());
        TimeUnit.NANOSECONDS.sleep(LONG.toNanos()); // what is tested is that this time passes
        signal("CONT");
        write("after", Instant.now());
        assertThat(List.of(shown.readLine(), shown.readLine()))
                .anyMatch(line -> line.contains("while it was stopped"))
                .anyMatch(line -> line.contains("\"after\""));
    }

    @Test
    void endsWhenNobodyReads() throws Exception {
        shown.close();
        while (!follower.waitFor(200, TimeUnit.MILLISECONDS)) {
            write("for nobody", Instant.now());
        }
        assertThat(follower.exitValue()).isEqualTo(ExitCode.REFUSED);
        assertThat(folder.resolve("err.txt")).content().contains("cannot write to the standard output");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + follower.pid())
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }
}
