package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A child process that opens the storage of the test: {@link ChildProcess} seen from the parent. One thread uses it. */
final class OtherProcess implements AutoCloseable {

    private static final String END = "\0end";
    private static final int SHOWN_LINES = 50;

    private final Process process;
    private final PrintStream stdin;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>(SHOWN_LINES);

    private OtherProcess(Process process) {
        this.process = process;
        this.stdin = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        readLines(process.getInputStream(), heard::add);
        readLines(process.getErrorStream(), complaints::offer);
    }

    /** Starts a process and waits until it has opened the storage. */
    static OtherProcess start(StorageContract kit, String location) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native-access")
                        || argument.startsWith("--sun-misc-unsafe-memory-access"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildProcess.class.getName()));
        command.addAll(List.of(kit.getClass().getName(), location));
        try {
            OtherProcess other = new OtherProcess(new ProcessBuilder(command).start());
            other.hears("ready");
            return other;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells it something. */
    void say(String line) {
        stdin.println(line);
    }

    /** The rest of its next line, which must begin with that word. */
    String hears(String word) {
        String line = next();
        assertThat(line)
                .as("what the other process says; its errors: %s", complaints)
                .startsWith(word);
        return line.substring(word.length()).strip();
    }

    /** Ends it as suddenly as the system can, and returns the lines that it had still said. */
    List<String> kill() {
        process.destroyForcibly();
        List<String> rest = new ArrayList<>();
        for (String line = next(); !line.equals(END); line = next()) {
            rest.add(line);
        }
        return rest;
    }

    /** Lets it end by itself, and ends it when it does not. */
    @Override
    public void close() {
        stdin.close();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }

    private String next() {
        try {
            String line = heard.poll(ContractGroup.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("the other process says nothing; its errors: " + complaints);
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void readLines(InputStream stream, Consumer<String> reader) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        lines.lines().forEach(reader);
                    } catch (IOException | UncheckedIOException e) {
                        reader.accept(e.toString());
                    } finally {
                        reader.accept(END);
                    }
                },
                "qscope-tck-other-process");
        thread.setDaemon(true);
        thread.start();
    }
}
