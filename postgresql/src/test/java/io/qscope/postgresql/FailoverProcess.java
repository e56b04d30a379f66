package io.qscope.postgresql;

import io.qscope.key.KeyRing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link FailoverClient} seen from its parent. */
final class FailoverProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path log;
    private final Path errors;
    private final Thread hearing = new Thread(this::hear, "failover-client");
    private long acknowledged;
    private boolean ended;
    private String failed = "";

    private FailoverProcess(Process process, Path log, Path errors) {
        this.process = process;
        this.log = log;
        this.errors = errors;
        hearing.setDaemon(true);
        hearing.start();
    }

    static FailoverProcess started(String location, KeyRing keys, Path directory) throws IOException {
        Path log = directory.resolve("acknowledged");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FailoverClient.class.getName(),
                        location,
                        log.toString())
                .redirectError(errors.toFile());
        builder.environment().put(FailoverClient.KEYS, keys.toText());
        return new FailoverProcess(builder.start(), log, errors);
    }

    private void hear() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String what = line.split(" ", 3)[1];
                if (what.equals("acknowledged") || what.equals("won")) {
                    count();
                } else if (what.equals("failed")) {
                    fail(line);
                }
            }
        } catch (IOException cutOff) {
            // The process was ended, which whoever waits is told below.
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void count() {
        acknowledged++;
        notifyAll();
    }

    private synchronized void fail(String line) {
        failed = line;
        notifyAll();
    }

    /** Waits until that many writes more are acknowledged. */
    synchronized void awaitFurther(long writes) throws Exception {
        long wanted = acknowledged + writes;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (acknowledged < wanted) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (!failed.isEmpty()) {
                throw new AssertionError("the client says: " + failed);
            }
            if (ended || left <= 0) {
                throw new AssertionError(
                        "the client " + (ended ? "ended" : "makes no progress") + ": " + Files.readString(errors));
            }
            wait(left);
        }
    }

    /** Lets it finish what is under way, and returns what it logged. */
    List<String> finished() throws Exception {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the client did not finish: " + Files.readString(errors));
        }
        return Files.readAllLines(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
