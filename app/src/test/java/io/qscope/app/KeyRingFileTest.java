package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KeyRingFileTest {

    private static Path ofUser(Map<String, String> environment, String system) {
        return KeyRingFile.ofUser(environment, "/home/me", system).path();
    }

    @Test
    void liesWhereEachSystemKeepsConfiguration() {
        assertThat(ofUser(Map.of(), "Linux")).isEqualTo(Path.of("/home/me/.config/qscope/keys"));
        assertThat(ofUser(Map.of("XDG_CONFIG_HOME", "/etc/me"), "Linux")).isEqualTo(Path.of("/etc/me/qscope/keys"));
        assertThat(ofUser(Map.of("XDG_CONFIG_HOME", "relative"), "Linux"))
                .isEqualTo(Path.of("/home/me/.config/qscope/keys"));
        assertThat(ofUser(Map.of(), "Mac OS X")).isEqualTo(Path.of("/home/me/Library/Application Support/qscope/keys"));
        assertThat(ofUser(Map.of("APPDATA", "/appdata"), "Windows 11")).isEqualTo(Path.of("/appdata/qscope/keys"));
    }
}
