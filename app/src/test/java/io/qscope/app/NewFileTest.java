package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On file systems with hard links and without. */
final class NewFileTest {

    @TempDir
    private Path folder;

    private Path written;
    private Path name;

    static List<NewFile.Linking> linkings() {
        return List.of(
                Files::createLink,
                (name, existing) -> {
                    throw new UnsupportedOperationException();
                },
                // Linux on FAT, some network shares
                (name, existing) -> {
                    throw new FileSystemException(name.toString(), existing.toString(), "Operation not permitted");
                });
    }

    @BeforeEach
    void write() throws IOException {
        written = Files.writeString(folder.resolve("written"), "whole");
        name = folder.resolve("name");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("linkings")
    void isThereWholeAndAlone(NewFile.Linking linking) throws IOException {
        NewFile.name(written, name, linking);
        assertThat(files()).containsExactly(name);
        assertThat(name).hasContent("whole");
    }

    @ParameterizedTest
    @MethodSource("linkings")
    void leavesWhatIsThere(NewFile.Linking linking) throws IOException {
        Files.writeString(name, "of somebody who was quicker");
        assertThatThrownBy(() -> NewFile.name(written, name, linking)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(name).hasContent("of somebody who was quicker");
    }

    @ParameterizedTest
    @MethodSource("linkings")
    void takesNoNameWhenItFails(NewFile.Linking linking) throws IOException {
        Files.delete(written);
        assertThatThrownBy(() -> NewFile.name(written, name, linking)).isInstanceOf(NoSuchFileException.class);
        assertThat(files()).isEmpty();
    }
}
