package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.qscope.audit.AuditFinding;
import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlStorage;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A full or failing disk, a killed process and a lock that is never given back break no chain. */
@Tag("long")
@Timeout(120)
class AuditOutageTest {

    private static final KeyRing KEYS = KeyRing.of(Key.of("key", new byte[32]));
    private static final int WRITES = 4_000;

    @TempDir
    Path folder;

    private static AuditReport verified(Path file) {
        try (Storage storage = SqliteStorage.open(file)) {
            return Sqlite.await(AuditVerification.of(storage, () -> KEYS).run(Sqlite.ray()));
        }
    }

    private static AuditLog entry(Rows rows, int filling) {
        return rows.auditLog().toBuilder()
                .metadata(Map.of("filling", "x".repeat(filling)))
                .build();
    }

    /** Some groups are lost to an entry that does not fit, and their calls are run again, each alone. */
    @Test
    void fullFileLeavesTheChainIntact() {
        Path file = folder.resolve("full.db");
        Map<AuditLog, CompletableFuture<Void>> calls = new LinkedHashMap<>();
        SqlEngine engine = SqliteStorage.builder(file).keys(KEYS).start();
        try (Storage storage = new SqlStorage(engine)) {
            Rows rows = Sqlite.rows(storage);
            rows.storedAuditLog();
            HandMade.limitPages(engine, 60);
            for (int i = 0; i < 400; i++) {
                AuditLog entry = entry(rows, i % 20 == 10 ? 15_900 : 10);
                calls.put(entry, storage.auditLog().insert(entry, Sqlite.ray()));
            }
            calls.values().forEach(Sqlite::failure);
            HandMade.limitPages(engine, 1_000_000);
            rows.storedAuditLog();
        }
        long stored = calls.values().stream()
                .filter(call -> !call.isCompletedExceptionally())
                .count();
        assertThat(stored).isBetween(1L, 399L);
        AuditReport report = verified(file);
        assertThat(report.findings()).isEmpty();
        assertThat(report.chains()).isEqualTo(1);
        assertThat(report.closed()).isEqualTo(1);
        assertThat(report.entries()).isEqualTo(1 + 1 + stored + 1 + 1);
    }

    @Test
    void lockThatIsNeverGivenBackLeavesTheChainUnclosedAndClosingInTime() throws Exception {
        Path file = folder.resolve("locked.db");
        Storage storage = SqliteStorage.builder(file)
                .keys(KEYS)
                .busyTimeout(Duration.ofMinutes(10))
                .open();
        Sqlite.rows(storage).storedAuditLog();
        try (Connection other = Sqlite.connect(file)) {
            Sqlite.run(other, "BEGIN IMMEDIATE");
            long start = System.nanoTime();
            storage.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
        AuditReport report = verified(file);
        assertThat(report.findings()).isEmpty();
        assertThat(report.unclosed()).hasSize(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void failingDiskLeavesTheChainIntact() throws Exception {
        Path file = folder.resolve("limited.db");
        // A limit of file size fails writes with an error of the disk; only a process of its own may have one.
        Process limited = start("prlimit", "--fsize=4000000:unlimited", "outlast", file);
        try {
            String said = new String(limited.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(limited.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said.lines()).last().isEqualTo("works again");
        } finally {
            limited.destroyForcibly();
        }
        AuditReport report = verified(file);
        assertThat(report.findings()).isEmpty();
        assertThat(report.chains()).isEqualTo(1);
        assertThat(report.closed()).isEqualTo(1);
    }

    /** Two processes at a time, each with a chain of its own. */
    @Test
    void killedProcessesLeaveTheirChainsUnclosedAndIntact() throws Exception {
        Path file = folder.resolve("killed.db");
        SqliteStorage.open(file).close();
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 1; kill <= 3; kill++) {
            Process one = start("write", file);
            Process other = start("write", file);
            try {
                acknowledged.addAll(said(one));
                acknowledged.addAll(said(other));
            } finally {
                one.destroyForcibly().waitFor();
                other.destroyForcibly().waitFor();
            }
            AuditReport report = verified(file);
            assertThat(report.findings()).isEmpty();
            assertThat(report.chains()).isEqualTo(2 * kill);
            assertThat(report.unclosed()).hasSize(2 * kill);
            assertThat(report.entries()).isGreaterThan(acknowledged.size());
        }
        List<AuditHead> ends = verified(file).heads();
        assertThat(ends).as("of the last two, of which no opening tells yet").hasSizeBetween(1, 2);
        try (Storage storage = SqliteStorage.builder(file).keys(KEYS).open()) {
            Sqlite.rows(storage).storedAuditLog();
            for (String id : acknowledged) {
                assertThat(Sqlite.await(storage.auditLog().getById(id, Sqlite.ray())))
                        .isPresent();
            }
        }
        assertThat(verified(file).heads()).hasSize(1).doesNotContainAnyElementsOf(ends);
        deleteTheEnd(file, ends.get(0));
        assertThat(verified(file).findings())
                .extracting(AuditFinding::kind, AuditFinding::chain)
                .containsExactly(
                        tuple(AuditFinding.Kind.HEAD_MISSING, ends.get(0).chain()));
    }

    /** The ids of the first entries that it wrote. */
    private static List<String> said(Process process) throws IOException {
        List<String> ids = new ArrayList<>();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        while (ids.size() < 100) {
            ids.add(Objects.requireNonNull(lines.readLine(), "the process ended"));
        }
        return ids;
    }

    private static void deleteTheEnd(Path file, AuditHead head) throws Exception {
        try (Connection connection = Sqlite.connect(file)) {
            Sqlite.run(connection, "DROP TRIGGER oauth_audit_log_no_delete");
            Sqlite.run(
                    connection,
                    "DELETE FROM oauth_audit_log WHERE chain = '" + head.chain() + "' AND sequence = "
                            + head.sequence());
        }
    }

    /** Starts this class in a process of its own, by way of these words. */
    private static Process start(Object... words) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        for (Object word : Arrays.copyOf(words, words.length - 2)) {
            command.add(word.toString());
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                Objects.requireNonNull(classPath),
                AuditOutageTest.class.getName(),
                words[words.length - 2].toString(),
                words[words.length - 1].toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Storage storage =
                SqliteStorage.builder(Path.of(arguments[1])).keys(KEYS).open()) {
            if (arguments[0].equals("write")) {
                writeUntilKilled(storage, out);
            }
            outlast(storage);
        }
        out.println("works again");
    }

    private static void writeUntilKilled(Storage storage, PrintStream out) {
        Rows rows = Sqlite.rows(storage);
        while (true) {
            List<AuditLog> entries = new ArrayList<>();
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                entries.add(rows.auditLog());
                calls.add(storage.auditLog().insert(entries.get(i), Sqlite.ray()));
            }
            for (int i = 0; i < calls.size(); i++) {
                Sqlite.await(calls.get(i));
                out.println(entries.get(i).id());
            }
        }
    }

    private static void outlast(Storage storage) throws Exception {
        Rows rows = Sqlite.rows(storage);
        Throwable failure = null;
        for (int i = 0; i < WRITES && failure == null; i++) {
            failure = Sqlite.failure(storage.auditLog().insert(entry(rows, 15_900), Sqlite.ray()));
        }
        assertThat(failure).isInstanceOf(StorageUnavailableException.class);
        for (int i = 0; i < 3; i++) {
            // Some fail, and others find room where the log of the database was emptied.
            Sqlite.failure(storage.auditLog().insert(entry(rows, 15_900), Sqlite.ray()));
        }
        int lifted = new ProcessBuilder(
                        "prlimit", "--pid", "" + ProcessHandle.current().pid(), "--fsize=unlimited")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(lifted).isZero();
        for (int i = 0; i < 4; i++) {
            assertThat(Sqlite.failure(storage.auditLog().insert(entry(rows, 15_900), Sqlite.ray())))
                    .isNull();
        }
    }
}
