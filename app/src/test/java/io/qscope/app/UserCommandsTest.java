package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code qscope user}, of those who can sign in, each command as a process. */
final class UserCommandsTest {

    private static final String PASSWORD = "correct horse battery";

    @TempDir
    private Path folder;

    private Commands qscope;

    @BeforeEach
    void begin() {
        qscope = new Commands(folder);
        qscope.json("migrate");
    }

    @Test
    void anAccountIsMadeListedDisabledAndGivenAnotherPassword() {
        JsonNode made = Commands.json(qscope.given(PASSWORD + "\n", "user create alice --json"));
        assertThat(made.path("username").asString()).isEqualTo("alice");
        assertThat(made.path("enabled").asBoolean()).isTrue();
        assertThat(made.path("password_scheme").asString()).isEqualTo("argon2id");

        assertThat(Commands.texts(qscope.json("user list"), "username")).containsExactly("alice");
        assertThat(qscope.run("user list").out()).startsWith("username").contains("\nalice ");
        assertThat(qscope.json("user disable alice").path("enabled").asBoolean())
                .isFalse();
        assertThat(qscope.json("user enable alice").path("enabled").asBoolean()).isTrue();
        String before = qscope.json("user enable alice").path("updated_at").asString();
        JsonNode changed = Commands.json(qscope.given("another horse", "user password alice --json"));
        assertThat(changed.path("updated_at").asString()).isNotEqualTo(before);

        assertThat(qscope.run("audit tail").out())
                .contains("user.created", "user.disabled", "user.enabled", "user.password_changed")
                .doesNotContain("alice", PASSWORD);
    }

    @Test
    void whatCannotBeIsRefusedAndSaysWhy() {
        qscope.given(PASSWORD, "user create alice");

        Finished taken = qscope.given(PASSWORD, "user create alice");
        assertThat(taken.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(taken.err()).contains("the user name is taken");
        Finished weak = qscope.given("short", "user create bob");
        assertThat(weak.code()).isEqualTo(ExitCode.USAGE);
        assertThat(weak.err()).contains("8 to 256 characters").doesNotContain("short");
        Finished unknown = qscope.run("user disable nobody");
        assertThat(unknown.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(unknown.err()).contains("there is no such user");
        assertThat(qscope.given("", "user create bob").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void erasingAUserTakesTheAccountToo() {
        qscope.given(PASSWORD, "user create alice");

        assertThat(qscope.json("user erase alice --yes").path("deleted").asInt())
                .isEqualTo(1);

        assertThat(qscope.json("user list")).isEmpty();
    }
}
