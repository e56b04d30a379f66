package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.qscope.model.OAuthClient;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file that is not at its path any more takes commits as before, and nobody would find them. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class MovedFileTest {

    @TempDir
    Path folder;

    @Test
    void nothingIsAcknowledgedIntoAFileThatWasMovedOrReplaced() throws IOException {
        Path file = folder.resolve("here.db");
        Path elsewhere = folder.resolve("elsewhere.db");
        try (Storage storage = SqliteStorage.open(file)) {
            Sqlite.storedClient(storage);
            Files.move(file, elsewhere);
            fails(storage.clients().insert(Sqlite.rows(storage).client(), Sqlite.ray()));
            fails(storage.health(Sqlite.ray()));
            Files.createFile(file);
            fails(storage.clients().insert(Sqlite.rows(storage).client(), Sqlite.ray()));
            Files.move(elsewhere, file, StandardCopyOption.REPLACE_EXISTING);
            OAuthClient client = Sqlite.storedClient(storage);
            assertThat(Sqlite.await(storage.health(Sqlite.ray())).engine()).startsWith("SQLite");
            assertThat(Sqlite.await(storage.clients().getById(client.id(), Sqlite.ray())))
                    .isPresent();
        }
    }

    @Test
    void aPathThroughALinkNamesTheFileThatTheSystemNames() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("a/b"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), inner);
        try (Storage storage =
                SqliteStorage.builder(link.resolve("..").resolve("x.db")).open()) {
            Sqlite.storedClient(storage);
            assertThat(folder.resolve("a/x.db")).exists();
            assertThat(folder.resolve("a/x.db-wal")).exists();
            assertThat(folder.resolve("x.db")).doesNotExist();
        }
    }

    private static void fails(CompletableFuture<?> call) {
        assertThat(Sqlite.failure(call))
                .asInstanceOf(type(StorageUnavailableException.class))
                .matches(StorageUnavailableException::outcomeUnknown, "the outcome is unknown")
                .extracting(Throwable::getMessage)
                .asString()
                .contains("moved or replaced");
    }
}
