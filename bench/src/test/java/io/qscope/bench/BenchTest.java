package io.qscope.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole program, with few rows and short turns: its figures mean nothing. */
@Timeout(300)
final class BenchTest {

    private static final List<String> FIELDS = List.of(
            "engine",
            "operation",
            "inFlight",
            "rows",
            "opsPerSecond",
            "p50Micros",
            "p99Micros",
            "peer",
            "peerOpsPerSecond",
            "peerP99Micros",
            "ratio");

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static DurableServer server;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws IOException {
        server = new DurableServer();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sqlite     | jdbc   |                              | 5",
                "sqlite     | batch  | --batch 20 --unchained       | 3",
                "sqlite     | none   | --through services --rate 50 | 5",
                "sqlite     | self   | --purge 500 --operation mixed| 1",
                "postgresql | jdbc   |                              | 5",
                "postgresql | spring |                              | 5",
                "postgresql | shipped| --through spring             | 5",
                "sqlite     | none   | --through spring             | 5",
                "postgresql | self   | --peer-rows 30 --operation lookup | 1",
                "postgresql | self   | --purge 500 --operation mixed | 1"
            })
    void measuresEveryOperationBesideEveryPeer(String engine, String peer, @Nullable String more, int comparisons)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--engine", engine, "--peer", peer));
        if (engine.equals("postgresql")) {
            arguments.addAll(List.of("--storage", server.url("postgres")));
        }
        if (more != null) {
            arguments.addAll(List.of(more.split(" ")));
        }
        if (more == null || !more.contains("--rate")) {
            arguments.addAll(List.of("--in-flight", "4"));
        }

        int code = bench(arguments);

        assertThat(code).as("%s%s", out, err).isZero();
        assertThat(err.toString()).isEmpty();
        JsonNode results = JsonMapper.shared().readTree(folder.resolve("out.json"));
        assertThat(results).hasSize(comparisons);
        for (JsonNode result : results) {
            FIELDS.forEach(field -> assertThat(result.has(field)).as(field).isTrue());
            assertThat(result.get("engine").asString()).isEqualTo(engine);
            assertThat(result.get("peer").asString()).isEqualTo(peer);
            assertThat(result.get("opsPerSecond").asDouble()).isPositive();
            assertThat(result.get("p50Micros").asDouble()).isPositive();
            assertThat(result.get("p99Micros").asDouble())
                    .isGreaterThanOrEqualTo(result.get("p50Micros").asDouble());
            assertThat(result.get("ratio").isNull()).isEqualTo(peer.equals("none"));
            assertThat(result.get("rounds")).isNotEmpty();
            if (more != null && more.contains("--purge")) {
                assertThat(result.get("purgedRows").asInt()).isEqualTo(500);
                assertThat(result.get("purgedRowsPerSecond").asDouble()).isPositive();
                assertThat(result.get("purgeDone").asBoolean()).isTrue();
                assertThat(result.get("targets")).hasSize(3);
                // Each has data of its own, of the same size.
                assertThat(out.toString().split("loaded 60 access tokens")).hasSize(3);
            }
        }
        assertThat(out.toString())
                .contains("qscope/s", "| engine | operation |", engine.equals("sqlite") ? "synchronous=2" : "fsync=on");
        assertThat(left())
                .allMatch(name -> name.endsWith(".svg") || name.equals("out.json"))
                .hasSizeGreaterThan(1);
        assertThat(server.schemas()).isEmpty();
    }

    @Test
    void startsAServerAndLeavesNothingOfIt() throws Exception {
        int code = bench(List.of(
                "--engine",
                "postgresql",
                "--operation",
                "lookup",
                "--peer",
                "none",
                "--in-flight",
                "1",
                "--server",
                "shared_buffers=32MB"));

        assertThat(code).as("%s%s", out, err).isZero();
        assertThat(out.toString())
                .contains("fsync=on synchronous_commit=on full_page_writes=on", "shared_buffers=32MB");
        assertThat(left()).containsExactlyInAnyOrder("out.json", "bench-postgresql-lookup-none.svg");
    }

    @Test
    void isVoidWhenACallFailed() throws Exception {
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(() -> bench(List.of(
                "--engine",
                "postgresql",
                "--storage",
                server.url("postgres"),
                "--operation",
                "lookup",
                "--in-flight",
                "2",
                "--seconds",
                "120")));
        awaitRounds(running);
        for (String schema : server.schemas()) {
            server.run("DROP SCHEMA " + schema + " CASCADE");
        }

        assertThat(running.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(err.toString()).contains("qscope: void: a call of qscope failed, so no figure counts");
        assertThat(left()).isEmpty();
    }

    @Test
    void endsInOrderWhenInterrupted() throws Exception {
        Thread[] working = new Thread[1];
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(() -> {
            working[0] = Thread.currentThread();
            return bench(
                    List.of("--engine", "sqlite", "--operation", "insert", "--in-flight", "2", "--seconds", "120"));
        });
        awaitRounds(running);
        working[0].interrupt();

        assertThat(running.get(60, TimeUnit.SECONDS)).isEqualTo(130);
        assertThat(err.toString()).isEqualTo("qscope: interrupted, so no figure counts\n");
        assertThat(left()).isEmpty();
    }

    @Test
    void refusesAServerThatIsNotDurable() throws Exception {
        server.run("CREATE DATABASE hasty");
        server.run("ALTER DATABASE hasty SET synchronous_commit = off");

        assertThat(bench(List.of("--engine", "postgresql", "--storage", server.url("hasty"))))
                .isEqualTo(1);
        assertThat(err.toString()).contains("not durable as it should be: synchronous_commit=off");
        assertThat(left()).isEmpty();
    }

    @Test
    void saysThatThereIsNoServer() throws Exception {
        assertThat(bench(List.of(
                        "--engine", "postgresql", "--storage", "postgresql://me@127.0.0.1:1/x?sslmode=disable")))
                .isEqualTo(3);
        assertThat(err.toString()).contains("qscope: the database cannot be used: Connection to 127.0.0.1:1 refused");
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--engine oracle                            | wrong value for --engine",
                "--engine sqlite --peer spring              | --peer spring and --peer shipped work on PostgreSQL only",
                "--engine postgresql --peer batch           | --peer batch works on SQLite only",
                "--engine sqlite --peer batch --operation lookup | only writes are grouped",
                "--engine sqlite --peer self                | --purge or --peer-rows",
                "--engine sqlite --purge 5                  | --purge is for --peer self",
                "--engine sqlite --in-flight 1 --rate 5     | give one of them",
                "--engine sqlite --rows 0                   | --rows must be at least 1",
                "--engine sqlite --nonsense                 | an option is missing",
                "--engine postgresql --storage postgresql://me:hunter2@db/x | PGPASSWORD"
            })
    void refusesWrongUsageWithoutRepeatingIt(String arguments, String problem) throws Exception {
        assertThat(bench(List.of(arguments.split(" +")))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("qscope: ")
                .contains(problem, "--help")
                .doesNotContain("hunter2");
        assertThat(left()).isEmpty();
    }

    @Test
    void helps() {
        assertThat(bench(List.of("--help"))).isZero();
        assertThat(out.toString()).contains("Usage: qscope bench", "--in-flight", "Exit codes:");
    }

    private int bench(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        addUnlessGiven(all, "--rows", "60");
        addUnlessGiven(all, "--rounds", "1");
        addUnlessGiven(all, "--warm-ups", "0");
        addUnlessGiven(all, "--seconds", "0.1");
        all.addAll(List.of("--dir", folder.toString(), "--charts", folder.toString()));
        all.addAll(List.of("--json", folder.resolve("out.json").toString()));
        return Bench.execute(
                new PrintWriter(out, true), new PrintWriter(err, true), Cleanup.ofCaller(), all.toArray(String[]::new));
    }

    private void awaitRounds(CompletableFuture<Integer> running) {
        while (!out.toString().contains("round ") && !running.isDone()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static void addUnlessGiven(List<String> arguments, String option, String value) {
        if (!arguments.contains(option)) {
            arguments.addAll(List.of(option, value));
        }
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
