package io.qscope.bench.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** A new folder for a database, which must be on a disk. */
public final class Disk implements AutoCloseable {

    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "rootfs", "overlay-tmpfs");

    private final Path folder;
    private final FileStore store;

    private Disk(Path folder, FileStore store) {
        this.folder = folder;
        this.store = store;
    }

    /**
     * Makes a folder in this one.
     *
     * @throws NotDurable when that is in memory
     */
    public static Disk in(Path parent) throws IOException {
        FileStore store = Files.getFileStore(parent);
        if (IN_MEMORY.contains(store.type())) {
            throw new NotDurable(
                    parent + " is in memory (" + store.type() + "), where nothing is durable; name a disk with --dir");
        }
        return new Disk(Files.createTempDirectory(parent, "qscope-bench-"), store);
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** What it lies on, for people. */
    @Override
    public String toString() {
        return store.type() + " (" + store.name() + ")";
    }

    /** Deletes the folder and what is in it. */
    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
