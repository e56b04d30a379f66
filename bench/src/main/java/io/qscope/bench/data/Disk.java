package io.qscope.bench.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** A new folder for a database, which must be on a disk. */
public final class Disk implements AutoCloseable {

    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "rootfs", "overlay-tmpfs");

    private static final int ATTEMPTS = 10;

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

    /** Deletes the folder and what is in it, also when somebody still adds and deletes files there. */
    @Override
    public void close() {
        IOException failure = null;
        for (int i = 0; i < ATTEMPTS && Files.exists(folder); i++) {
            try {
                delete();
            } catch (IOException | UncheckedIOException e) {
                failure = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : (IOException) e;
            }
        }
        if (failure != null && Files.exists(folder)) {
            throw new UncheckedIOException(folder + " could not be deleted; delete it by hand", failure);
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
