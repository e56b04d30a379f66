package io.qscope.app.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.app.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileOutputTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void begin() {
        file = folder.resolve("log.jsonl");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void hasItsNameOnceItIsWhole() throws IOException {
        FileOutput.write(file, output -> {
            output.line("first");
            assertThat(file).doesNotExist();
            output.line("last");
        });
        assertThat(files()).containsExactly(file);
        assertThat(file).hasContent("first\nlast");
    }

    @Test
    void isNotThereWhenWhatFillsItFails() throws IOException {
        assertThatThrownBy(() -> FileOutput.write(file, output -> {
                    output.line("first");
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");
        assertThat(files()).isEmpty();
    }

    @Test
    void leavesWhatIsThereAndDoesNotBegin() throws IOException {
        Files.writeString(file, "before");
        assertThatThrownBy(() -> FileOutput.write(file, output -> {
                    throw new AssertionError("it began");
                }))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll("log.jsonl", "exists already");
        assertThat(files()).containsExactly(file);
        assertThat(file).hasContent("before");
    }

    @Test
    void leavesWhatSomebodyElsePutThereMeanwhile() throws IOException {
        assertThatThrownBy(() -> FileOutput.write(file, output -> {
                    output.line("ours");
                    put("theirs");
                }))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("exists already");
        assertThat(files()).containsExactly(file);
        assertThat(file).hasContent("theirs");
    }

    private void put(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void hasItsNameOnceItIsClosed() throws IOException {
        try (FileOutput output = new FileOutput(file)) {
            output.line("all");
        }
        assertThat(files()).containsExactly(file);
        assertThat(file).hasContent("all");
    }
}
