package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A database file that another process runs a statement on, and then holds until it is closed. */
final class HeldDatabase implements AutoCloseable {

    private static final String READY = "ready";

    private final Process process;

    private HeldDatabase(Process process) {
        this.process = process;
    }

    /** Opens the file in another JVM, runs the statements there, and returns when they are done. */
    static HeldDatabase hold(Path file, String... statements) throws IOException {
        List<String> command = Finished.java(HeldDatabase.class);
        command.add(file.toString());
        command.addAll(List.of(statements));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).as("what the holding process says").isEqualTo(READY);
        return new HeldDatabase(process);
    }

    /** Runs statements on the file in another JVM and lets go of it. */
    static void change(Path file, String... statements) throws IOException {
        hold(file, statements).close();
    }

    /** The other process: holds until its input ends. */
    @SuppressWarnings("SystemOut")
    public static void main(String... arguments) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(arguments).subList(1, arguments.length)) {
                statement.execute(sql);
            }
            System.out.println(READY);
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor()).as("exit code of the holding process").isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
