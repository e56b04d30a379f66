package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code qscope client}, each command as a process. */
final class ClientCommandsTest {

    private static final String CREATE =
            "client create --client-id app --grant authorization_code --grant refresh_token"
                    + " --redirect-uri https://app.example/callback --scope read --scope write";

    @TempDir
    private Path folder;

    private Commands qscope;

    @BeforeEach
    void begin() {
        qscope = new Commands(folder);
    }

    @Test
    void aSecretThatCouldNotBeShownIsSaidToBeLost() throws Exception {
        File full = new File("/dev/full");
        assumeTrue(full.exists(), "there is no /dev/full here");
        for (String command : List.of("client create --client-id app", "client rotate-secret app")) {
            File err = folder.resolve("err.txt").toFile();
            Process process = Finished.process(folder, Map.of(), command.split(" "))
                    .redirectOutput(full)
                    .redirectError(err)
                    .start();
            assertThat(process.waitFor()).isEqualTo(ExitCode.REFUSED);
            assertThat(err).content().contains("WAS c", "could not be shown");
        }
    }

    @Test
    void aClientIsCreatedShownChangedAndDeleted() {
        Finished created = qscope.run(CREATE);
        assertThat(created.code()).as("%s", created).isZero();
        assertThat(created.out().lines()).hasSize(2);
        assertThat(created.out()).containsPattern("client_id +app\\n").containsPattern("client_secret +[\\w-]{43}\\n");
        assertThat(created.err()).contains("shown this once");
        String secret = created.out().strip().replaceFirst("(?s).* ", "");

        JsonNode shown = qscope.json("client show app");
        assertThat(shown.path("client_id").asString()).isEqualTo("app");
        assertThat(shown.path("secret_scheme").asString()).isEqualTo("sha256");
        assertThat(shown.path("enabled").asBoolean()).isTrue();
        assertThat(Commands.texts(shown.path("redirect_uris"))).containsExactly("https://app.example/callback");
        assertThat(Commands.texts(shown.path("scopes"))).containsExactlyInAnyOrder("read", "write");
        assertThat(shown.path("access_token_ttl").asInt()).isEqualTo(600);
        assertThat(shown.toString()).doesNotContain(secret);

        JsonNode changed = qscope.json("client update app --scope read --access-token-ttl 300 --max-access-tokens 5");
        assertThat(Commands.texts(changed.path("scopes"))).containsExactly("read");
        assertThat(changed.path("access_token_ttl").asInt()).isEqualTo(300);
        assertThat(changed.path("max_active_access_tokens").asInt()).isEqualTo(5);
        assertThat(Commands.texts(changed.path("redirect_uris"))).containsExactly("https://app.example/callback");

        assertThat(qscope.json("client disable app").path("enabled").asBoolean())
                .isFalse();
        assertThat(qscope.json("client enable app").path("enabled").asBoolean()).isTrue();
        assertThat(Commands.texts(qscope.json("client list"), "client_id")).containsExactly("app");
        assertThat(qscope.run("client list").out())
                .startsWith("client_id  enabled")
                .contains("\napp ");

        qscope.run("client delete app")
                .failedWithUsage("There is no terminal to ask at; --yes answers. Nothing was done.");
        assertThat(qscope.run("client delete app --yes").code()).isZero();
        qscope.run("client show app").failedInOneLine(ExitCode.REFUSED, "NOT_FOUND", "ray ");
        assertThat(Commands.texts(qscope.json("client list"), "client_id")).isEmpty();
    }

    @Test
    void secretsAreRotatedAndChosenOnesComeOnTheStandardInput() throws IOException {
        qscope.run(CREATE);
        Finished told = qscope.run("client rotate-secret app --overlap 60 --json");
        assertThat(told.err()).contains("shown this once");
        JsonNode rotated = Commands.json(told);
        assertThat(rotated.path("client_secret").asString()).hasSize(43);
        assertThat(rotated.path("previous_secret_until").asString()).startsWith("20");
        String chosen = "chosen-by-a-person-for-this-test";
        Finished given = qscope.given(chosen + "\n", "client rotate-secret app --secret --overlap 0 --json");
        assertThat(Commands.json(given).has("client_secret")).isFalse();
        assertThat(given.err()).isEmpty();
        assertThat(qscope.json("client show app").path("secret_scheme").asString())
                .isEqualTo("argon2id");
        assertThat(Files.readString(folder.resolve("qscope.db"), StandardCharsets.ISO_8859_1))
                .doesNotContain(chosen);
        qscope.given("", "client rotate-secret app --secret").failedWithUsage("standard input");
        qscope.given("short\n", "client rotate-secret app --secret")
                .failedInOneLine(ExitCode.USAGE, "--secret must have");
    }

    @Test
    void whatMayNotBeRegisteredIsRefusedAndNothingIsStored() {
        qscope.run(CREATE.replace("https://app.example/callback", "http://app.example/callback"))
                .failedInOneLine(ExitCode.USAGE, "--redirect-uri: must have the scheme https", "INVALID");
        qscope.run(CREATE + " --code-ttl 601").failedInOneLine(ExitCode.USAGE, "--code-ttl must be at most", "INVALID");
        qscope.run(CREATE + " --access-token-ttl nonsense").failedWithUsage("--access-token-ttl");
        qscope.run(CREATE + " --access-token-ttl -1").failedWithUsage("--access-token-ttl must be");
        qscope.run(CREATE + " --public --secret").failedWithUsage("--public or --secret");
        qscope.run("client create extra").failedWithUsage("argument 3", "not repeated");
        qscope.run("client update nobody --scope x").failedInOneLine(ExitCode.REFUSED, "NOT_FOUND");
        qscope.run("client").failedWithUsage("a command is missing");
        assertThat(qscope.json("client list")).isEmpty();
        qscope.run(CREATE);
        qscope.run(CREATE).failedInOneLine(ExitCode.REFUSED, "taken", "CONFLICT");
    }

    @Test
    void aListThatIsCutSaysSoAndFitsTheTerminal() {
        for (int i = 0; i < 3; i++) {
            qscope.run(CREATE.replace("--client-id app", "") + " --grant client_credentials"
                    + " --grant urn:ietf:params:oauth:grant-type:device_code --device-code-ttl 600"
                    + " --scope a-rather-long-scope --scope another-long-scope");
        }
        Finished all = qscope.run("client list --limit 3");
        assertThat(all.err()).isEmpty();
        assertThat(all.out().lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        assertThat(all.out()).contains("…").doesNotContain("urn:");
        Finished cut = qscope.run("client list --limit 2 --json");
        assertThat(Commands.json(cut)).hasSize(2);
        assertThat(cut.err()).contains("more than the first 2", "--limit");
        for (String command : List.of("client list", "user show alice")) {
            qscope.run(command + " --limit 0").failedWithUsage("--limit", "at least 1");
            qscope.run(command + " --limit -1").failedWithUsage("--limit", "at least 1");
        }
    }

    @Test
    void aPublicClientGetsNoSecret() {
        JsonNode created = qscope.json(
                "client create --public --grant authorization_code --redirect-uri com.example.app:/callback --scope read");
        assertThat(created.has("client_secret")).isFalse();
        JsonNode shown = qscope.json("client show " + created.path("client_id").asString());
        assertThat(shown.path("confidential").asBoolean()).isFalse();
        assertThat(shown.path("secret_scheme").isNull()).isTrue();
    }
}
