package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on a database file: kept, played again, moved aside. */
final class SqliteDemoTest {

    @TempDir
    private Path folder;

    @Test
    void isPlayedTwiceOnOneDatabaseThenAfresh() throws IOException {
        Finished first = Finished.qscope(folder, "demo");
        Finished second = Finished.qscope(folder, "demo");
        Finished fresh = Finished.qscope(folder, "demo", "--fresh");

        assertThat(List.of(first.code(), second.code(), fresh.code()))
                .as("%s %s %s", first.err(), second.err(), fresh.err())
                .containsOnly(0);
        assertThat(first.out()).contains("A new database.", "sqlite3 qscope.db");
        assertThat(second.out()).contains("Found an existing database, with 1 client;");
        assertThat(fresh.out()).contains("Moved the database aside, to ", "A new database.");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(2)
                    .contains("qscope.db")
                    .anyMatch(name -> name.matches("qscope-\\d{8}-\\d{6}-\\d{3}\\.db"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            Path aside =
                    files.filter(file -> !file.endsWith("qscope.db")).findAny().orElseThrow();
            assertThat(Finished.qscope(folder, "demo", "--storage", "sqlite:" + aside.getFileName())
                            .out())
                    .as("what was moved aside is whole")
                    .contains("Found an existing database, with 2 clients;");
        }
    }

    @Test
    void tellsWhereTheDataIs() {
        Finished demo = Finished.qscope(folder, "demo", "--storage", "sqlite:with a space.db");

        assertThat(demo.code()).as("%s", demo).isZero();
        assertThat(demo.out())
                .contains("The data is in " + folder.resolve("with a space.db"), "sqlite3 'with a space.db'");
    }

    @Test
    void callsItselfWhatTheUserCalled() {
        Finished demo = Finished.qscope(folder, Map.of("QSCOPE_COMMAND", "../my tools/qscope"), "demo");

        assertThat(demo.out()).contains("Start anew:   '../my tools/qscope' demo --fresh", "if sqlite3 is installed");
    }

    @Test
    void runsBesideAnotherDemoOnTheSameFile() throws InterruptedException, IOException {
        Finished.qscope(folder, "demo");
        ProcessBuilder builder = Finished.process(folder, Map.of(), "demo")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        List<Process> demos = List.of(builder.start(), builder.start(), builder.start());

        for (Process demo : demos) {
            assertThat(demo.waitFor()).isZero();
        }
        assertThat(Finished.qscope(folder, "demo").out()).contains("with 4 clients;");
    }

    @Test
    void freshRefusesAFileThatIsNotQscopes() throws IOException {
        Path file = folder.resolve("qscope.db");
        HeldDatabase.change(file, "CREATE TABLE invoices (id INTEGER)", "CREATE TABLE oauth_clients (id INTEGER)");
        byte[] before = Files.readAllBytes(file);

        Finished refused = Finished.qscope(folder, "demo", "--fresh");

        refused.failedInOneLine(1, "qscope.db", "tables that are not qscope's");
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void freshRefusesAFileInUse() throws IOException {
        Finished.qscope(folder, "demo");
        Path file = folder.resolve("qscope.db");
        try (HeldDatabase held = HeldDatabase.hold(file, "SELECT count(*) FROM oauth_clients")) {
            assertThat(held).isNotNull();
            Finished.qscope(folder, "demo", "--fresh").failedInOneLine(1, "qscope.db", "in use");
        }
        assertThat(Finished.qscope(folder, "demo").out()).contains("with 1 client;");
    }
}
