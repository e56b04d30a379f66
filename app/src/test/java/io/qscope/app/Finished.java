package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that has ended, with all that it said. */
record Finished(int code, String out, String err) {

    /** What the commands under test use unless a test says otherwise. */
    static final KeyRing KEYS = KeyRing.of(Key.generate("of-the-tests"));

    private static final long PATIENCE_SECONDS = 120;

    /** Runs {@code qscope} with the classes under test. */
    static Finished qscope(Path folder, String... arguments) {
        return qscope(folder, Map.of(), arguments);
    }

    static Finished qscope(Path folder, Map<String, String> environment, String... arguments) {
        return run(process(folder, environment, arguments));
    }

    /** Runs {@code qscope} with something on its standard input. */
    static Finished qscopeGiven(String input, Path folder, String... arguments) {
        return run(process(folder, Map.of(), arguments), input);
    }

    static ProcessBuilder process(Path folder, Map<String, String> environment, String... arguments) {
        List<String> command = java(Qscope.class);
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
        // What the machine that runs the tests has set must not decide what they see.
        process.environment().keySet().removeIf(name -> name.startsWith("QSCOPE_"));
        List.of("NO_COLOR", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LC_ALL", "XDG_CONFIG_HOME")
                .forEach(process.environment()::remove);
        // No test makes or reads the key ring of the user who runs it.
        process.environment().put("QSCOPE_KEYS", KEYS.toText());
        process.environment().putAll(environment);
        return process;
    }

    /** The command line that runs a class of this class path in a JVM of its own. */
    static List<String> java(Class<?> main) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) {
            // What the command's jar says in its manifest: without it, a newer JVM warns of the driver's native
            // library.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    /** Runs a process to its end. */
    static Finished run(ProcessBuilder builder) {
        return run(builder, "");
    }

    /** Runs a process that is given this on its standard input. */
    static Finished run(ProcessBuilder builder, String input) {
        try {
            Path out = Files.createTempFile("qscope-out", ".txt");
            Path err = Files.createTempFile("qscope-err", ".txt");
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closed) {
                // It has ended already, and did not want any.
                assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            }
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            Finished finished = new Finished(
                    ended ? process.exitValue() : -1,
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            Files.delete(out);
            Files.delete(err);
            assertThat(ended).as("ended in time: %s", finished).isTrue();
            return finished;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asserts that it failed with this code and one line, of {@code qscope:} and all the given words. */
    void failedInOneLine(int expectedCode, String... words) {
        assertThat(code).as("exit code of %s", this).isEqualTo(expectedCode);
        assertThat(err.lines()).as("lines on stderr of %s", this).hasSize(1);
        assertThat(err).startsWith("qscope: ").contains(words).doesNotContain("Exception", "\tat ");
    }

    /** Asserts that it was wrong usage, told in one line with these words and another that leads on. */
    void failedWithUsage(String... words) {
        assertThat(code).as("exit code of %s", this).isEqualTo(ExitCode.USAGE);
        assertThat(err).as("%s", this).startsWith("qscope: ").contains(words).doesNotContain("Exception", "\tat ");
        assertThat(err.lines()).as("lines on stderr of %s", this).hasSizeBetween(1, 2);
        assertThat(out).isEmpty();
    }
}
