package io.qscope.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words what is wrong with a file. */
public final class FileProblem {

    private FileProblem() {}

    /** What an operation on a file met, and what to do about it: otherwise, where nothing else helps. */
    public static String in(IOException e, String otherwise) {
        return isFull(e) ? "no room is left on its disk; make room there" : in(e) + "; " + otherwise;
    }

    /** Java has no exception of its own for it; these are the words of Unix and of Windows. */
    private static boolean isFull(IOException e) {
        String words = String.valueOf(e.getMessage());
        return words.contains("No space left on device")
                || words.contains("Disk quota exceeded")
                || words.contains("not enough space on the disk");
    }

    /** What an operation on a file met. */
    public static String in(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "this user may not do that";
        }
        if (e instanceof NotDirectoryException) {
            return "a part of its path is no folder";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
