package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Database files that cannot be used: one line that names the file and the cause, and the file as it was. */
final class BadStorageTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "--fresh"})
    void isNotSqlite(String option) throws IOException {
        Path file = Files.writeString(folder.resolve("notes.db"), "These are my notes, and no database.\n".repeat(99));
        byte[] before = Files.readAllBytes(file);

        Finished refused = option.isEmpty()
                ? Finished.qscope(folder, "demo", "--storage", "sqlite:notes.db")
                : Finished.qscope(folder, "demo", "--storage", "sqlite:notes.db", option);

        refused.failedInOneLine(option.isEmpty() ? ExitCode.STORAGE : ExitCode.REFUSED, "notes.db", "not a");
        assertThat(file).hasBinaryContent(before);
        assertThat(names()).containsExactly("notes.db");
    }

    @Test
    void liesInNoFolder() {
        Finished.qscope(folder, "demo", "--storage", "sqlite:nowhere/qscope.db")
                .failedInOneLine(ExitCode.STORAGE, "nowhere/qscope.db");
    }

    @Test
    void liesBelowAFile() throws IOException {
        Files.createFile(folder.resolve("file"));

        Finished.qscope(folder, "demo", "--storage", "sqlite:file/qscope.db")
                .failedInOneLine(ExitCode.STORAGE, "file/qscope.db");
    }

    @Test
    void isAFolder() throws IOException {
        Files.createDirectory(folder.resolve("folder.db"));

        Finished.qscope(folder, "demo", "--storage", "sqlite:folder.db").failedInOneLine(ExitCode.STORAGE, "folder.db");
    }

    /** Modes do not bind root, for whom there is nothing to see here. */
    @Test
    void isReadOnly() throws IOException {
        Finished.qscope(folder, "demo");
        Path file = folder.resolve("qscope.db");
        byte[] before = Files.readAllBytes(file);
        assertThat(file.toFile().setReadOnly()).isTrue();
        assertThat(folder.toFile().setWritable(false)).isTrue();
        boolean bound = !Files.isWritable(file);
        Finished demo = Finished.qscope(folder, "demo");
        assertThat(folder.toFile().setWritable(true)).isTrue();

        if (bound) {
            demo.failedInOneLine(ExitCode.STORAGE, "qscope.db", "may not be written");
            assertThat(file).hasBinaryContent(before);
        } else {
            assertThat(demo.code()).isZero();
        }
    }

    @Test
    void isLockedByAnotherProcess() throws IOException {
        Finished.qscope(folder, "demo");
        Path file = folder.resolve("qscope.db");
        try (HeldDatabase held = HeldDatabase.hold(file, "BEGIN EXCLUSIVE")) {
            assertThat(held).isNotNull();
            Finished.qscope(folder, "demo").failedInOneLine(ExitCode.STORAGE, "qscope.db", "lock");
        }
        assertThat(Finished.qscope(folder, "demo").out()).contains("with 1 client;");
    }

    @Test
    void isLockedByAnotherProcessWhileNew() throws IOException {
        Path file = folder.resolve("qscope.db");
        try (HeldDatabase held = HeldDatabase.hold(file, "BEGIN EXCLUSIVE")) {
            assertThat(held).isNotNull();
            Finished.qscope(folder, "demo").failedInOneLine(ExitCode.STORAGE, "qscope.db", "lock");
        }
        assertThat(Finished.qscope(folder, "demo").code()).isZero();
    }

    @Test
    void hasANewerSchema() throws IOException {
        Finished.qscope(folder, "demo");
        Path file = folder.resolve("qscope.db");
        HeldDatabase.change(file, "UPDATE qscope_schema_history SET version = '99'");
        byte[] before = Files.readAllBytes(file);

        Finished.qscope(folder, "demo").failedInOneLine(ExitCode.STORAGE, "qscope.db", "99", "upgrade qscope");
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void isAnotherApplications() throws IOException {
        Path file = folder.resolve("qscope.db");
        HeldDatabase.change(file, "CREATE TABLE oauth_clients (id INTEGER)");
        byte[] before = Files.readAllBytes(file);

        Finished.qscope(folder, "demo").failedInOneLine(ExitCode.STORAGE, "qscope.db", "oauth_clients");
        assertThat(file).hasBinaryContent(before);
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
