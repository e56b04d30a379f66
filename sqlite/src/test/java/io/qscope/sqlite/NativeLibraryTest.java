package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process whose temporary folder cannot hold SQLite's native library. */
@Timeout(120)
class NativeLibraryTest {

    @TempDir
    Path folder;

    @Test
    void thatCannotBeLoadedIsNamedWithTheWayOutAndNoFileIsMade() throws Exception {
        Path inTheWay = Files.createFile(folder.resolve("file"));
        Path file = folder.resolve("qscope.db");

        String said = open(file, inTheWay.resolve("tmp"));

        assertThat(said)
                .startsWith("unavailable: " + file + ": ")
                .contains("native library", inTheWay.resolve("tmp").toString(), "noexec", "-Dorg.sqlite.tmpdir=")
                .hasLineCount(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void isLoadedFromTheFolderThatTheMessageAsksFor() throws Exception {
        Path file = folder.resolve("qscope.db");

        assertThat(open(file, Files.createDirectory(folder.resolve("tmp")))).isEqualTo("opened");
        assertThat(file).isNotEmptyFile();
    }

    /** Opens the file in a process of its own, since a library is loaded once. */
    private static String open(Path file, Path temporary) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.sqlite.tmpdir=" + temporary,
                        // No system's own copy is to be found.
                        "-Djava.library.path=" + temporary,
                        "-cp",
                        Objects.requireNonNull(classPath),
                        NativeLibraryTest.class.getName(),
                        file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isZero();
            return said.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The other process. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Storage storage = SqliteStorage.builder(Path.of(arguments[0])).open()) {
            Sqlite.storedClient(storage);
            out.println("opened");
        } catch (StorageUnavailableException e) {
            out.println("unavailable: " + e.getMessage());
        }
    }
}
