package io.qscope.app.audit;

import io.qscope.app.CommandFailure;
import io.qscope.app.FileProblem;
import io.qscope.app.KeyRingFile;
import io.qscope.app.NewFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A new file that a command writes; an existing one is left as it is. It is written under another name beside it and gets its own
 * when it is closed, so that what stands there is whole: a part of an audit log looks like all of it.
 */
final class FileOutput implements AutoCloseable {

    private final Path file;
    private final Path part;
    private final BufferedWriter writer;
    private boolean failed;

    /** @throws CommandFailure when the file is there already, or cannot be written */
    FileOutput(Path file) {
        this.file = file;
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            // As private as the database that it is from.
            this.part = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    file.getFileName() + ".",
                    ".part",
                    KeyRingFile.forOneUser(file, "rw-------"));
            part.toFile().deleteOnExit(); // when it is interrupted
            this.writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** Writes a file with what the content puts into it; none when the content fails. */
    static void write(Path file, Consumer<FileOutput> content) {
        try (FileOutput output = new FileOutput(file)) {
            output.failed = true;
            content.accept(output);
            output.failed = false;
        }
    }

    void line(String text) {
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException e) {
            failed = true;
            throw failure(file, e);
        }
    }

    /** Gives the file its name, unless writing it failed. */
    @Override
    public void close() {
        try {
            writer.close();
            if (!failed) {
                NewFile.name(part, file);
            }
        } catch (IOException e) {
            throw failure(file, e);
        } finally {
            remove();
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new CommandFailure(part + " is a part of what was to be written, and cannot be deleted", e);
        }
    }

    private static CommandFailure failure(Path file, IOException e) {
        return new CommandFailure(
                file + " cannot be written: " + FileProblem.in(e, "name a new file in a folder that may be written"),
                e);
    }
}
