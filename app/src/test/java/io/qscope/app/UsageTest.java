package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageTest {

    @TempDir
    private Path folder;

    @AfterEach
    void nothingWasMade() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                              | a command is missing",
                "dmeo                            | argument 1",
                "--nonsense                      | argument 1",
                "demo --nonsense                 | argument 2",
                "demo extra                      | argument 2",
                "demo --storage                  | --storage URL",
                "demo --storage nonsense:x       | memory:, postgresql:, sabotaged:",
                "demo --storage qscope.db        | memory:, postgresql:, sabotaged:",
                "demo --storage memory: --fresh  | --fresh works on a SQLite database file only",
                "demo --storage other:x --fresh  | --fresh works on a SQLite database file only"
            })
    void isRefusedWithWhatIsWrong(String arguments, String problem) {
        Finished refused = Finished.qscope(folder, arguments.isEmpty() ? new String[0] : arguments.split(" +"));

        assertThat(refused.code()).as("%s", refused).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("qscope: ").contains(problem).doesNotContain("\tat ");
        assertThat(refused.err().lines()).hasSizeBetween(1, 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://app:hunter2@db.example/qscope",
                "postgresql://:hunter2@db.example/qscope",
                "postgresql://app:hun/ter2@db.example/qscope",
                "postgresql://db.example/qscope?user=app&password=hunter2",
                "POSTGRESQL://db.example/qscope?PASSWORD=hunter2",
                "sqlserver://db.example;user=app;password=hunter2"
            })
    void refusesAPasswordAndDoesNotRepeatIt(String url) {
        Finished refused = Finished.qscope(folder, "demo", "--storage", url);

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("give the whole URL in QSCOPE_STORAGE")
                .doesNotContain("hunter2", "hun/");
    }

    @Test
    void doesNotRepeatAPasswordThatStandsWhereNoneIsLookedFor() {
        Finished refused = Finished.qscope(folder, "demo", "postgresql://app:hunter2@db.example/qscope");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("argument 2").doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help", "demo --help", "help demo"})
    void helps(String arguments) {
        Finished helped = Finished.qscope(folder, arguments.split(" "));

        assertThat(helped.code()).isZero();
        assertThat(helped.err()).isEmpty();
        assertThat(helped.out()).startsWith("Usage: qscope").contains("Exit codes:");
        assertThat(helped.out()).contains(arguments.contains("demo") ? "--fresh" : "Commands:");
    }

    @Test
    void listsTheBenchmarkThatIsElsewhere() {
        assertThat(Finished.qscope(folder, "--help").out()).contains("bench ", "Measures qscope beside JDBC");
        Finished refused = Finished.qscope(folder, "bench", "--engine", "sqlite");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("run ./qscope bench in a clone of the project");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "demo --version"})
    void tellsItsVersion(String arguments) {
        Finished told = Finished.qscope(folder, arguments.split(" "));

        assertThat(told.code()).isZero();
        assertThat(told.out()).matches("qscope \\d+\\.\\d+\\.\\d+\\S* \\(Java \\S+\\)\\R");
    }
}
