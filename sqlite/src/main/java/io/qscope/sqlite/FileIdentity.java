package io.qscope.sqlite;

import io.qscope.model.RayId;
import io.qscope.store.StorageUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path names. A file that was moved, deleted or replaced while it is open takes commits as before, but nobody who
 * opens the path will find them.
 */
final class FileIdentity {

    private final Path file;

    /** None where the system knows no such thing; there an open file cannot be moved either. */
    private final @Nullable Object key;

    private FileIdentity(Path file, @Nullable Object key) {
        this.file = file;
        this.key = key;
    }

    static FileIdentity of(Path file) throws IOException {
        return new FileIdentity(file, keyOf(file));
    }

    /** Whether the path names that file still. Asks for the attributes alone, which opens no descriptor of the file. */
    boolean holds() {
        try {
            return Objects.equals(key, keyOf(file));
        } catch (IOException e) {
            return false;
        }
    }

    /** What a call is told once it does not. */
    StorageUnavailableException changed(RayId rayId) {
        return new StorageUnavailableException(
                file
                        + ": the file was moved or replaced while it was open; put it back, or close the storage and open it again",
                true,
                rayId);
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
