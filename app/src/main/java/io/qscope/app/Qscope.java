package io.qscope.app;

import io.qscope.app.audit.AuditCommands;
import io.qscope.app.authorization.AuthorizationCommands;
import io.qscope.app.client.ClientCommands;
import io.qscope.app.key.KeyCommands;
import io.qscope.app.token.TokenCommands;
import io.qscope.app.user.UserCommands;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The command's root. A command is a class that is listed in {@link #commandLine}; what it throws is told here, in one line,
 * with one of {@link ExitCode}. {@code QSCOPE_DEBUG} adds the stack trace.
 */
@Command(
        name = "qscope",
        description = "The storage layer for OAuth 2.0 authorization servers.",
        mixinStandardHelpOptions = true,
        versionProvider = Qscope.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done; 1 refused, not found or failed; 2 wrong usage; 3 the storage cannot be used.",
            "Environment: QSCOPE_STORAGE, QSCOPE_KEYS_FILE, QSCOPE_KEYS (see --storage and --keys of a command);",
            "NO_COLOR turns colors off; QSCOPE_DEBUG=1 adds stack traces."
        })
public final class Qscope implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private Qscope() {}

    /** Runs a command and exits with its code. */
    public static void main(String... args) {
        Console console = Console.standard();
        int code = commandLine(console, InstantSource.system()).execute(args);
        System.exit(console.close() ? code : ExitCode.REFUSED);
    }

    static CommandLine commandLine(Console console, InstantSource clock) {
        return new CommandLine(new Qscope())
                .addSubcommand(new DemoCommand(console, clock))
                .addSubcommand(ClientCommands.commandLine(console))
                .addSubcommand(TokenCommands.commandLine(console))
                .addSubcommand(UserCommands.commandLine(console))
                .addSubcommand(AuthorizationCommands.commandLine(console))
                .addSubcommand(AuditCommands.commandLine(console))
                .addSubcommand(KeyCommands.commandLine(console))
                .addSubcommand(new MigrateCommand(console))
                .addSubcommand(new PurgeCommand(console))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(BenchCommand.commandLine())
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(console.out())
                .setErr(console.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.ansi()))
                .setParameterExceptionHandler(new UsageErrors(console))
                .setExecutionExceptionHandler(new Failures(console));
    }

    /** Called when no command was named. */
    @Override
    public void run() {
        throw new WrongUsage(spec.commandLine(), "a command is missing");
    }

    /** Tells a failure in one line: a storage's own words, or that it is a fault of ours. */
    private record Failures(Console console) implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
            Throwable cause =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            if (cause instanceof StorageException || cause instanceof CommandFailure) {
                console.error(cause.getMessage());
            } else {
                console.error("a fault in qscope itself: " + cause
                        + (console.traces() ? "" : "; QSCOPE_DEBUG=1 shows where"));
            }
            console.trace(thrown);
            Throwable met = cause instanceof CommandFailure ? cause.getCause() : cause;
            if (met instanceof StorageUnavailableException || met instanceof StorageCorruptedException) {
                return ExitCode.STORAGE;
            }
            return cause instanceof CommandFailure failure ? failure.exitCode() : ExitCode.REFUSED;
        }
    }

    /** The release, as Maven wrote it into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties properties = new Properties();
            try (InputStream file = Qscope.class.getResourceAsStream("version.properties")) {
                if (file != null) {
                    properties.load(file);
                }
            }
            return new String[] {
                "qscope " + properties.getProperty("version", "of an unknown version") + " (Java " + Runtime.version()
                        + ")"
            };
        }
    }
}
