package io.qscope.sqlite;

import io.qscope.model.RayId;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite itself, which its driver carries as a native library, copies to a temporary folder and loads from there. */
final class NativeLibrary {

    private NativeLibrary() {}

    /**
     * Loads the library unless this process has it. Asked for by itself, since the driver reports a failure as one of the file
     * that was to be opened.
     *
     * @throws StorageUnavailableException naming the temporary folder, when the library is not for this system or may not be
     *     copied to the folder or loaded from it
     */
    static void load(Path file, RayId ray) {
        try {
            if (SQLiteJDBCLoader.initialize()) {
                return;
            }
        } catch (Exception | LinkageError e) {
            // What the driver says lists where it looked; what there is to do about it is the same.
        }
        throw new StorageUnavailableException(
                file + ": not opened, since SQLite's native library for " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch") + " cannot be loaded from " + folder()
                        + "; the folder may be missing, full, read-only or mounted noexec: name another with"
                        + " -Dorg.sqlite.tmpdir=FOLDER",
                false,
                ray);
    }

    private static Path folder() {
        return Path.of(System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir", "")))
                .toAbsolutePath();
    }
}
