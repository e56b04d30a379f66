package io.qscope.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands share that work on a storage: a session to work in, and where to show what came of it. */
@Command(mixinStandardHelpOptions = true, versionProvider = Qscope.Version.class)
public abstract class SessionCommand implements Runnable {

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private SessionOptions options;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Output output;

    /** With where it speaks. */
    protected SessionCommand(Console console) {
        this.console = console;
    }

    @Override
    public final void run() {
        check();
        try (Session session = options.open(console, makesStorage())) {
            run(session);
        }
    }

    /** Looks at the arguments, and asks the user, before anything is opened. */
    protected void check() {}

    /** Whether a SQLite database that does not exist is made; else it is refused. */
    protected boolean makesStorage() {
        return false;
    }

    /** Does what the command is for. */
    protected abstract void run(Session session);

    /** How it shows what it found. */
    protected final Output output() {
        return output;
    }

    /** Where it speaks. */
    protected final Console console() {
        return console;
    }

    /** The command's own description, for {@link SecretInput}. */
    protected final CommandSpec spec() {
        return spec;
    }

    /** The storage that the options name. */
    protected final StorageOption storageOption() {
        return options.storage();
    }

    /** What to throw for a value that the library does not take. */
    protected final WrongUsage wrong(IllegalArgumentException refused) {
        return wrong(OptionNames.in(String.valueOf(refused.getMessage())));
    }

    /** What to throw for wrong usage. */
    protected final WrongUsage wrong(String message) {
        return new WrongUsage(spec.commandLine(), message);
    }
}
