package io.qscope.bench;

import io.qscope.bench.data.NotDurable;
import io.qscope.bench.load.CallFailed;
import io.qscope.store.StorageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The command {@code qscope bench}. */
@Command(
        name = "qscope bench",
        description = {
            "Measures qscope beside a peer: on the same machine and database, as durable, in alternating rounds.",
            "Prints each round; a ratio is the median of the rounds' ratios. A failed call voids the run."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Bench.Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        footer = {
            "",
            "Example: qscope bench --engine postgresql --operation lookup --in-flight 256 --peer jdbc",
            "docs/benchmarks.md says what is compared, and has the command for each of its figures.",
            "Exit codes: 0 done; 1 void, or figures would mean nothing; 2 wrong usage; 3 the database cannot be used."
        })
public final class Bench implements Callable<Integer> {

    private static final int VOID = 1;
    private static final int USAGE = 2;
    private static final int STORAGE = 3;
    private static final int INTERRUPTED = 130;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private BenchOptions options;

    private Bench() {}

    /** Runs the command and exits with its code. */
    public static void main(String... args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Cleanup cleanup = Cleanup.ofThisThread();
        int code = execute(out, err, cleanup, args);
        cleanup.done();
        System.exit(code);
    }

    /** Runs the command. */
    static int execute(PrintWriter out, PrintWriter err, Cleanup cleanup, String... args) {
        Bench command = new Bench();
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((wrong, given) -> misused(wrong, err))
                .setExecutionStrategy(parsed -> command.run(parsed, out, err, cleanup))
                .execute(args);
    }

    private int run(CommandLine.ParseResult parsed, PrintWriter out, PrintWriter err, Cleanup cleanup) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        Settings settings = options.settings();
        try {
            new Program(settings, out, new Progress(err), cleanup).run();
            return 0;
        } catch (Exception e) {
            return cleanup.isEnding() || isInterruption(e)
                    ? failed(err, "interrupted, so no figure counts", e, INTERRUPTED)
                    : failed(err, e);
        }
    }

    /** Libraries wrap it in exceptions of theirs. */
    private static boolean isInterruption(Exception failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof InterruptedException || each instanceof CancellationException) {
                return true;
            }
        }
        return false;
    }

    private static int failed(PrintWriter err, Exception failure) {
        if (failure instanceof CallFailed || failure instanceof NotDurable) {
            return failed(err, String.valueOf(failure.getMessage()), failure, VOID);
        }
        if (failure instanceof StorageException) {
            return failed(err, String.valueOf(failure.getMessage()), failure, STORAGE);
        }
        if (failure instanceof CompletionException) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return failed(err, String.valueOf(cause), failure, STORAGE);
        }
        if (failure instanceof SQLException || failure instanceof IOException) {
            return failed(err, "the database cannot be used: " + failure.getMessage(), failure, STORAGE);
        }
        return failed(
                err, "a fault in the benchmark itself: " + failure + "; QSCOPE_DEBUG=1 shows where", failure, VOID);
    }

    private static int failed(PrintWriter err, String message, Throwable thrown, int code) {
        err.println("qscope: " + message.lines().findFirst().orElse(""));
        if (System.getenv("QSCOPE_DEBUG") != null) {
            thrown.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    /** In words of our own: picocli's repeat what was given, which may be a URL with a password. */
    private static int misused(ParameterException wrong, PrintWriter err) {
        String words = wrong instanceof BenchOptions.Misuse
                ? String.valueOf(wrong.getMessage())
                : wrong.getArgSpec() instanceof CommandLine.Model.OptionSpec option
                        ? "wrong value for " + option.longestName() + ", or none"
                        : "an option is missing, or one that does not belong there was given";
        err.println("qscope: " + words);
        err.println("Try: qscope bench --help");
        return USAGE;
    }

    @Override
    public Integer call() {
        throw new IllegalStateException("run() is called");
    }

    /** The release, as Maven wrote it into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Bench.class.getPackage().getImplementationVersion();
            return new String[] {
                "qscope " + (version == null ? "of an unknown version" : version) + " (Java " + Runtime.version() + ")"
            };
        }
    }
}
