package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.Output;
import io.qscope.app.Session;
import io.qscope.app.SessionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the commands for clients share: a session to work in, and where to show what came of it. */
@Command(mixinStandardHelpOptions = true)
abstract class ClientCommand implements Runnable {

    private final Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private SessionOptions options;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Output output;

    ClientCommand(Console console) {
        this.console = console;
    }

    @Override
    public final void run() {
        check();
        try (Session session = options.open(console)) {
            run(session);
        }
    }

    /** Looks at the arguments, and asks the user, before anything is opened. */
    void check() {}

    abstract void run(Session session);

    final Output output() {
        return output;
    }

    final Console console() {
        return console;
    }
}
