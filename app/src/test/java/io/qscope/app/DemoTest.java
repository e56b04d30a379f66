package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoTest {

    private static final int STEPS = 13;
    private static final Pattern HEADING = Pattern.compile("(?m)^ ?\\d+  [A-Z].*$");
    private static final Pattern FOOTER = Pattern.compile("(?m)^    ray [0-9a-f]{32}, \\d+\\.\\d ms$");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"memory:", "sqlite:qscope.db"})
    void playsEveryStepAndTellsIt(String storage) {
        Finished demo = Finished.qscope(folder, "demo", "--storage", storage);

        assertThat(demo.err()).isEmpty();
        assertThat(demo.code()).isZero();
        assertThat(demo.out()).contains("A new database.", "All " + STEPS + " steps passed.");
        assertThat(HEADING.matcher(demo.out()).results()).hasSize(STEPS);
        assertThat(FOOTER.matcher(demo.out())
                        .results()
                        .map(match -> match.group().substring(8, 40)))
                .as("ray ids")
                .hasSize(STEPS)
                .doesNotHaveDuplicates();
    }

    @Test
    void showsNoSecretAndNoWholeDigest() {
        Finished demo = Finished.qscope(folder, "demo", "--storage", "memory:");

        assertThat(demo.out()).doesNotContainPattern("[A-Za-z0-9_-]{43}").doesNotContainPattern("[0-9a-fA-F]{64}");
        assertThat(demo.out()).doesNotContainPattern("[B-Z]{4}-[B-Z]{4}");
    }

    @Test
    void usesNoColorsAwayFromATerminal() {
        assertThat(Finished.qscope(folder, "demo", "--storage", "memory:").out())
                .doesNotContain("\u001b");
    }

    @Test
    void spellsInAsciiWhereTheTerminalKnowsNoMore() {
        Finished demo = Finished.qscope(folder, Map.of("LC_ALL", "C"), "demo", "--storage", "memory:");

        assertThat(demo.code()).isZero();
        assertThat(demo.out().chars()).allMatch(c -> c < 128);
        assertThat(demo.out()).contains("...").doesNotContain("?");
    }

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
    void failsWithTheStepThatBreaksAPromise() {
        Finished demo = Finished.qscope(folder, "demo", "--storage", "sabotaged:purge");

        demo.failedInOneLine(1, "step 13 (Purge what has expired) failed: this does not hold: both are gone");
        assertThat(demo.out()).contains("FAILED").doesNotContain("steps passed");
    }

    @Test
    void failsWithTheStepAtWhichTheStorageFails() {
        Finished demo = Finished.qscope(folder, "demo", "--storage", "sabotaged:outage");

        demo.failedInOneLine(1, "step 13 (Purge what has expired) failed: the disk is full (ray ");
    }

    @Test
    void addsTheStackTraceForWhoAsks() {
        Finished demo = Finished.qscope(folder, Map.of("QSCOPE_DEBUG", "1"), "demo", "--storage", "sabotaged:outage");

        assertThat(demo.code()).isEqualTo(1);
        assertThat(demo.err()).contains("StorageUnavailableException", "\tat ");
    }
}
