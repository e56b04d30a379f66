package io.qscope.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own that is told to end, as by Ctrl-C, in each of its phases. */
@Tag("long")
@Timeout(180)
final class EndedProcessTest {

    /** Three times what it waits for its own thread, before it takes everything away under it. */
    private static final int LONGEST_END_SECONDS = 60;

    private static final String FOREVER = "100000";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static DurableServer server;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // each test starts one
    private Process process;

    @BeforeAll
    static void start() throws IOException {
        server = new DurableServer();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void leavesNothingWhenEndedInATurn() throws Exception {
        begin("--engine", "sqlite", "--operation", "redeem", "--rows", "100", "--seconds", FOREVER);
        await(() -> output().contains("round  "));

        endProcess();

        assertThat(output()).contains("interrupted, so no figure counts").doesNotContain("does not end by itself");
        assertThat(left()).isEmpty();
    }

    @Test
    void leavesNothingWhenEndedWhileLoadingAFile() throws Exception {
        begin("--engine", "sqlite", "--operation", "lookup", "--rows", "50000000");
        await(() -> output().contains("synchronous=2"));

        endProcess();

        assertThat(left()).isEmpty();
    }

    @Test
    void leavesNothingWhenEndedWhileLoadingASchema() throws Exception {
        begin(
                "--engine",
                "postgresql",
                "--storage",
                server.url("postgres"),
                "--operation",
                "lookup",
                "--rows",
                "50000000");
        await(() -> !server.schemas().isEmpty());

        endProcess();

        assertThat(server.schemas()).isEmpty();
    }

    /** Its thread sits in a statement that no interrupt reaches, so that the schema is taken away under it. */
    @Test
    void leavesNoSchemaWhenItsThreadIsStuck() throws Exception {
        begin(
                "--engine",
                "postgresql",
                "--storage",
                server.url("postgres"),
                "--operation",
                "lookup",
                "--peer",
                "none",
                "--rows",
                "100000");
        await(() -> !server.schemas().isEmpty()
                && !server.ask("SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY%'")
                        .isEmpty());
        try (Connection blocking = server.connect();
                Statement statement = blocking.createStatement()) {
            blocking.setAutoCommit(false);
            statement.execute(
                    "LOCK TABLE " + server.schemas().get(0) + ".oauth_audit_log IN SHARE UPDATE EXCLUSIVE MODE");
            await(() -> !server.ask(
                            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'VACUUM%' AND wait_event = 'relation'")
                    .isEmpty());
            endProcess();
        }

        assertThat(server.schemas()).isEmpty();
    }

    @Test
    void leavesNoServerWhenEndedWhileItStarts() throws Exception {
        begin("--engine", "postgresql", "--operation", "lookup", "--rows", "100");
        await(() -> !left().isEmpty());

        endProcess();

        assertThat(left()).isEmpty();
        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info().commandLine().orElse("").contains(folder.toString())))
                .isEmpty();
    }

    private void begin(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Bench.class.getName()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--in-flight", "4", "--warm-ups", "0", "--no-charts", "--dir", folder.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private void endProcess() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            assertThat(process.isAlive()).as(output()).isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private Path log() {
        return folder.resolve("log");
    }

    private String output() throws IOException {
        return Files.readString(log());
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("log"))
                    .toList();
        }
    }
}
