package io.qscope.app.audit;

import io.qscope.app.CommandFailure;
import io.qscope.app.FileProblem;
import io.qscope.app.KeyRingFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file that a command writes; an existing one is left as it is. */
final class FileOutput implements AutoCloseable {

    private final Path file;
    private final BufferedWriter writer;

    FileOutput(Path file) {
        this.file = file;
        try {
            // As private as the database that it is from.
            Files.createFile(file, KeyRingFile.forOneUser(file, "rw-------"));
            this.writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    void line(String text) {
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static CommandFailure failed(Path file, IOException e) {
        return new CommandFailure(
                file + " cannot be written: " + FileProblem.in(e) + "; name a new file in a folder that may be written",
                e);
    }
}
