package io.qscope.app;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Puts a file that was written under another name in its place, whole or not at all, and never over one that is there. Where the
 * file system has no hard links, an empty file stands in that place for a moment, and stays if the process is killed then.
 */
public final class NewFile {

    /** Makes a hard link, as {@link Files#createLink}. */
    interface Linking {
        void link(Path name, Path existing) throws IOException;
    }

    private NewFile() {}

    /**
     * Gives a written file its name; the one that it was written under is gone afterwards.
     *
     * @param written in the same folder
     * @throws FileAlreadyExistsException when the name is taken, also by somebody who was quicker
     * @throws IOException when it cannot be done; the name is as it was
     */
    public static void name(Path written, Path name) throws IOException {
        name(written, name, Files::createLink);
    }

    static void name(Path written, Path name, Linking linking) throws IOException {
        try {
            // A link, not a move: a move replaces what is there.
            linking.link(name, written);
        } catch (FileAlreadyExistsException taken) {
            throw taken;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            // FAT and many network shares have none, and not all of them say so in one way.
            moveToReserved(written, name);
        }
        Files.deleteIfExists(written);
    }

    /** The name is taken first, by an empty file, which alone the move replaces. */
    private static void moveToReserved(Path written, Path name) throws IOException {
        Files.createFile(name, KeyRingFile.forOneUser(name, "rw-------"));
        try {
            Files.move(written, name, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            Files.delete(name);
            throw failed;
        }
    }
}
