package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where commands find their storage and their key ring, and what they refuse. */
final class StorageAndKeysTest {

    @TempDir
    private Path folder;

    private Commands qscope;

    @BeforeEach
    void begin() {
        qscope = new Commands(folder);
    }

    private Map<String, String> withoutKeys() {
        return Map.of(
                "QSCOPE_KEYS", "", "XDG_CONFIG_HOME", folder.resolve("config").toString());
    }

    @Test
    void severalCommandsAtOnceMakeOneKeyRing() throws Exception {
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(Finished.process(folder, withoutKeys(), "client", "create", "--client-id", "app-" + i)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        for (Process each : running) {
            assertThat(each.waitFor()).isZero();
        }
        Path file = folder.resolve("config/qscope/keys");
        assertThat(KeyRing.fromFile(file).readable()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        // All four wrote with that one key.
        assertThat(qscope.run(withoutKeys(), "audit verify").code()).isZero();
    }

    @Test
    void aKeyRingThatIsMadeIsToldOfAndOneThatOthersMayReadIsWarnedOf() throws IOException {
        assertThat(qscope.run("migrate").code()).isZero();
        Finished first = qscope.run(withoutKeys(), "client list");
        assertThat(first.code()).isZero();
        assertThat(first.err()).contains("made a key ring at " + folder.resolve("config/qscope/keys"));
        Path file = folder.resolve("config/qscope/keys");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(qscope.run(withoutKeys(), "client list").err()).contains("chmod 600");
        Files.writeString(file, "nonsense");
        Finished broken = qscope.run(withoutKeys(), "client list");
        assertThat(broken.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(broken.err()).contains("line 1 of the key ring").doesNotContain("nonsense");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 1});
        qscope.run(withoutKeys(), "client list").failedInOneLine(ExitCode.REFUSED, "is not a key ring");
    }

    @Test
    void aServersStorageNeedsTheServersKeyRing() {
        qscope.run(withoutKeys(), "client list --storage sabotaged:x")
                .failedWithUsage("a key ring is needed", "--keys", "qscope key generate");
        assertThat(folder.resolve("config")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "list", "add", "use k", "retire k --yes --storage memory:"})
    void aRingThatIsNoFileIsNotTakenForOne(String command) throws IOException {
        Map<String, String> both = Map.of("QSCOPE_KEYS", Finished.KEYS.toText(), "XDG_CONFIG_HOME", folder.toString());
        qscope.run(both, "key " + command).failedWithUsage("QSCOPE_KEYS holds the ring", "--keys");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    /** The variable for the text is next to it in every list. */
    @Test
    void aRingsTextWhereItsFileBelongsIsNotRepeated() {
        String text = Finished.KEYS.toText();
        String secret = text.strip().split("\\s+", -1)[1];
        for (Finished refused : List.of(
                qscope.run(Map.of("QSCOPE_KEYS_FILE", text), "client list --storage memory:"),
                qscope.run(Map.of("QSCOPE_KEYS_FILE", text.strip(), "QSCOPE_DEBUG", "1"), "key list"))) {
            assertThat(refused.code()).isEqualTo(ExitCode.REFUSED);
            assertThat(refused.err()).contains("QSCOPE_KEYS").doesNotContain(secret);
            assertThat(refused.out()).doesNotContain(secret);
        }
    }

    @Test
    void anErrorNamesTheRequestThatWasNamed() {
        Finished refused =
                qscope.run(Map.of("QSCOPE_DEBUG", "1"), "client list --storage sqlite:mistyped.db --ray ticket-4711");
        assertThat(refused.code()).isEqualTo(ExitCode.STORAGE);
        assertThat(refused.err()).contains("ticket-4711");
    }

    @Test
    void whatEndsWithTheCommandLeavesNoKeyRing() throws IOException {
        assertThat(qscope.run(withoutKeys(), "demo --storage memory:").code()).isZero();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "false, false", "'', false", "1, true", "yes, true"})
    void stackTracesAreShownWhereTheyAreAskedFor(String debug, boolean shown) {
        Finished refused = qscope.run(Map.of("QSCOPE_DEBUG", debug), "client list --storage sqlite:mistyped.db");
        assertThat(refused.code()).isEqualTo(ExitCode.STORAGE);
        assertThat(refused.err().contains("\tat ")).isEqualTo(shown);
    }

    @Test
    void theOptionGoesBeforeTheEnvironment() {
        Map<String, String> environment = Map.of("QSCOPE_STORAGE", "sqlite:named.db");
        assertThat(qscope.run(environment, "client create --client-id one").code())
                .isZero();
        assertThat(folder.resolve("named.db")).exists();
        assertThat(folder.resolve("qscope.db")).doesNotExist();
        assertThat(qscope.run(environment, "migrate --storage sqlite:other.db").code())
                .isZero();
        assertThat(qscope.run(environment, "client list --storage sqlite:other.db --json")
                        .out()
                        .strip())
                .isEqualTo("[ ]");
        assertThat(qscope.run(
                                Map.of("QSCOPE_KEYS_FILE", "nowhere"),
                                "client list --storage sqlite:other.db --keys nowhere/else")
                        .err())
                .contains("nowhere/else");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client list", "status", "purge", "audit verify", "migrate", "key retire k --yes"})
    void aPasswordInTheOptionIsRefusedByEveryCommand(String command) {
        Finished refused = qscope.run(command + " --storage postgresql://app:hunter2@db.example/qscope");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .contains("give the whole URL in QSCOPE_STORAGE")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sabotaged://app:hunter2@db/q?password=hunter3", "sabotaged:x;password=hunter2"})
    void aPasswordInTheEnvironmentIsNotPrinted(String url) {
        Finished shown = qscope.run(Map.of("QSCOPE_STORAGE", url), "status");
        assertThat(shown.code()).as("%s", shown).isZero();
        assertThat(shown.out()).contains("password=...");
        assertThat(shown.out() + shown.err()).doesNotContain("hunter2", "hunter3");
    }

    @Test
    void aPasswordInTheEnvironmentIsNotPrintedOfAnUnknownStorage() {
        Finished refused = qscope.run(Map.of("QSCOPE_STORAGE", "mysql://app:hunter2@db.example/qscope"), "client list");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .contains("nothing on the class path knows mysql:")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client list",
                "client show app",
                "client rotate-secret app",
                "token inspect",
                "user revoke alice --yes",
                "authorization show a",
                "audit verify",
                "audit tail",
                "key retire k --yes",
                "purge",
                "status"
            })
    void aDatabaseThatIsNotThereIsNotMade(String command) throws IOException {
        qscope.given("a token", command + " --storage sqlite:mistyped.db")
                .failedInOneLine(ExitCode.STORAGE, "mistyped.db", "--storage", "qscope migrate");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aStorageThatCannotBeUsedIsExitCodeThree() throws IOException {
        qscope.run("status --storage sqlite:nowhere/x.db").failedInOneLine(ExitCode.STORAGE, "nowhere/x.db");
        Files.writeString(folder.resolve("notes.db"), "no database".repeat(100));
        qscope.run("client list --storage sqlite:notes.db").failedInOneLine(ExitCode.STORAGE, "notes.db");
        qscope.run("migrate --show --storage sqlite:notes.db").failedInOneLine(ExitCode.STORAGE, "notes.db");
    }

    @Test
    void anExportThatFailsLeavesNoFile() throws IOException {
        qscope.run("audit export --out log.jsonl --storage sabotaged:log")
                .failedInOneLine(ExitCode.STORAGE, "the connection was lost");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void pendingMigrationsAreShownAndNothingIsMade() throws IOException {
        Finished shown = qscope.run("migrate --show");
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .contains("-- version 1: oauth tables", "CREATE TABLE oauth_clients", "oauth_audit_heads");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
        assertThat(Commands.texts(qscope.json("migrate").path("applied"))).containsExactly("1", "2", "3", "4", "5");
        assertThat(qscope.json("migrate").path("applied")).isEmpty();
        Finished none = qscope.run("migrate --show");
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("up to date");
        assertThat(Commands.json(qscope.run("migrate --show --json"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client create",
                "client list",
                "client show",
                "client update",
                "client enable",
                "client disable",
                "client rotate-secret",
                "client revoke",
                "client delete",
                "token inspect",
                "token revoke",
                "user show",
                "user revoke",
                "user erase",
                "authorization list",
                "authorization show",
                "authorization revoke",
                "audit tail",
                "audit ray",
                "audit verify",
                "audit checkpoint",
                "audit export",
                "key generate",
                "key list",
                "key add",
                "key use",
                "key retire",
                "migrate",
                "purge",
                "status"
            })
    void everyCommandHelpsWithAnExample(String command) {
        InProcess helped = InProcess.qscope((command + " --help").split(" "));
        assertThat(helped.code()).isZero();
        assertThat(helped.out()).startsWith("Usage: qscope " + command).contains("Example", "qscope " + command);
    }
}
