package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.qscope.model.OAuthClient;
import io.qscope.store.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes on one file. SQLite's locks are POSIX's, which a process loses as soon as any part of it closes any
 * descriptor of the file: then another process takes itself for the last one, removes the log, and what the first writes to
 * it from there on is gone.
 */
@Timeout(180)
class SeveralProcessesTest {

    private static final int ROUNDS = 8;
    private static final Set<String> HARMLESS =
            Set.of("createFile", "exists", "isDirectory", "isWritable", "readAttributes");

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedStaysWhileOthersOpenAndClose() throws Exception {
        Path file = folder.resolve("shared.db");
        List<String> acknowledged = new ArrayList<>();
        try (OtherProcess other = new OtherProcess(file)) {
            try (Storage storage = SqliteStorage.builder(file).open()) {
                for (int round = 0; round < ROUNDS; round++) {
                    OAuthClient client = Sqlite.storedClient(storage);
                    acknowledged.add(client.id());
                    try (Storage second = SqliteStorage.builder(file).open()) {
                        acknowledged.add(Sqlite.storedClient(second).id());
                        // Closing heals a lost lock, so the other process also comes while the second storage is open.
                        acknowledged.add(other.look(client.id()));
                    }
                    acknowledged.add(other.look(client.id()));
                    assertThat(file.resolveSibling("shared.db-wal"))
                            .as("the log while a storage is open")
                            .exists();
                    for (int i = 0; i < 5; i++) {
                        acknowledged.add(Sqlite.storedClient(storage).id());
                    }
                }
            }
        }
        try (Storage storage = SqliteStorage.builder(file).open()) {
            for (String id : acknowledged) {
                assertThat(Sqlite.await(storage.clients().getById(id, Sqlite.ray())))
                        .as("an acknowledged client")
                        .isPresent();
            }
        }
    }

    @Test
    void twoProcessesMayMigrateANewFileAtOnce() throws Exception {
        for (int round = 0; round < 3; round++) {
            Path file = folder.resolve("new" + round + ".db");
            try (OtherProcess first = new OtherProcess(file);
                    OtherProcess second = new OtherProcess(file)) {
                Thread meanwhile = new Thread(() -> Sqlite.uncheck(() -> first.look("")));
                meanwhile.start();
                String client = second.look("");
                meanwhile.join();
                assertThat(first.look(client)).isNotEmpty();
            }
        }
    }

    @Test
    void nothingHereOpensAFileByJavasOwnIo() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.qscope.sqlite", "io.qscope.sql");
        ArchRuleDefinition.noClasses()
                .that()
                // It reads the schema from the class path.
                .doNotHaveFullyQualifiedName("io.qscope.sql.MigrationFiles")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.File")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\..*(Stream|Reader|Writer|RandomAccessFile)")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.channels..")
                .orShould()
                .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "a method of Files that may open one",
                        call -> call.getTargetOwner().isEquivalentTo(Files.class)
                                && !HARMLESS.contains(call.getTarget().getName())))
                .because("closing a descriptor of the database file drops SQLite's locks on it")
                .check(classes);
    }
}
