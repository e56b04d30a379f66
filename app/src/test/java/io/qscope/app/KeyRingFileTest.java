package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyRingFileTest {

    private static Path ofUser(Map<String, String> environment, String system) {
        return KeyRingFile.ofUser(environment, "/home/me", system).path();
    }

    @TempDir
    private Path folder;

    @Test
    void isReplacedBehindALinkWithOwnerGroupAndPermissionsAsTheyWere() throws IOException {
        Path real = folder.resolve("real");
        Path link = Files.createSymbolicLink(folder.resolve("keys"), real);
        Files.writeString(real, KeyRing.of(Key.generate("old")).toText());
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        PosixFileAttributes before = Files.readAttributes(real, PosixFileAttributes.class);
        KeyRing changed = KeyRing.of(Key.generate("young"));

        assertThat(new KeyRingFile(link).change(ring -> changed)).isEqualTo(changed);

        assertThat(link).isSymbolicLink();
        assertThat(KeyRing.fromFile(real).toText()).isEqualTo(changed.toText());
        PosixFileAttributes after = Files.readAttributes(real, PosixFileAttributes.class);
        assertThat(after.owner()).isEqualTo(before.owner());
        assertThat(after.group()).isEqualTo(before.group());
        assertThat(PosixFilePermissions.toString(after.permissions())).isEqualTo("rw-r-----");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(real, link, folder.resolve("real.lock"));
        }
    }

    /** As careful people set it. The lock beside it holds nothing. */
    @Test
    void mayBeReadOnlyForItsOwner() throws IOException {
        KeyRingFile ring = new KeyRingFile(folder.resolve("keys"));
        ring.createIfMissing();
        Files.setPosixFilePermissions(ring.path(), PosixFilePermissions.fromString("r--------"));
        for (String id : List.of("one", "two")) {
            ring.change(now -> now.writingWith(Key.generate(id)));
        }
        assertThat(ring.read().writing().id()).isEqualTo("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ring.path())))
                .isEqualTo("r--------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys.lock"))))
                .isEqualTo("rw-------");
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
