package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoTest {

    private static final int STEPS = 13;
    private static final Pattern HEADING = Pattern.compile("(?m)^ ?\\d+  [A-Z].*$");
    private static final Pattern FOOTER = Pattern.compile("(?m)^    ray [0-9a-f]{32}, \\d+\\.\\d ms$");

    @TempDir
    private Path folder;

    @Test
    void playsEveryStepAndTellsIt() {
        Finished demo = Finished.qscope(folder, "demo", "--storage", "memory:");

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
    void failsWithTheStepThatBreaksAPromise() {
        Finished demo = Finished.qscope(folder, "demo", "--storage", "sabotaged:purge");

        demo.failedInOneLine(1, "step 13 (Purge what has expired) failed: this does not hold: both are gone");
        assertThat(demo.out()).contains("FAILED").doesNotContain("steps passed");
    }

    @Test
    void failsWithTheStepAtWhichTheStorageFails() {
        Finished demo = Finished.qscope(folder, "demo", "--storage", "sabotaged:outage");

        demo.failedInOneLine(ExitCode.STORAGE, "step 13 (Purge what has expired) failed: the disk is full (ray ");
    }

    @Test
    void addsTheStackTraceForWhoAsks() {
        Finished demo = Finished.qscope(folder, Map.of("QSCOPE_DEBUG", "1"), "demo", "--storage", "sabotaged:outage");

        assertThat(demo.code()).isEqualTo(ExitCode.STORAGE);
        assertThat(demo.err()).contains("StorageUnavailableException", "\tat ");
    }
}
