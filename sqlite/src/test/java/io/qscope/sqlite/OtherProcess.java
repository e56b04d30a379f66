package io.qscope.sqlite;

import io.qscope.model.OAuthClient;
import io.qscope.store.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A second process, which opens a storage, looks for a client, adds one and closes, each time it is asked. */
final class OtherProcess implements AutoCloseable {

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    OtherProcess(Path file) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Objects.requireNonNull(classPath),
                        OtherProcess.class.getName(),
                        file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = process.outputWriter(StandardCharsets.UTF_8);
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Opens, looks for that client, adds one of its own and closes; answers its own's id. */
    String look(String client) throws IOException {
        in.write(client + "\n");
        in.flush();
        String answer = String.valueOf(out.readLine());
        if (!answer.startsWith("found ")) {
            throw new AssertionError("the other process says: " + answer);
        }
        return answer.substring("found ".length());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String id = lines.readLine(); id != null; id = lines.readLine()) {
            String answer;
            try (Storage storage = SqliteStorage.builder(Path.of(arguments[0])).open()) {
                boolean found = id.isEmpty()
                        || Sqlite.await(storage.clients().getById(id, Sqlite.ray()))
                                .isPresent();
                OAuthClient own = Sqlite.storedClient(storage);
                answer = (found ? "found " : "missing ") + own.id();
            }
            out.println(answer);
        }
    }
}
