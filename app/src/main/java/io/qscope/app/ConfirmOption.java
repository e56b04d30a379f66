package io.qscope.app;

import java.io.Console;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --yes} of commands that take away what cannot be brought back. */
public final class ConfirmOption {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask; needed where there is no terminal to ask at.")
    private boolean yes;

    /**
     * Asks whether to go on, unless {@code --yes} has answered.
     *
     * @param question what will happen, and to what
     * @throws CommandFailure when the answer is no
     * @throws WrongUsage when nobody can be asked
     */
    public void ask(String question) {
        if (yes) {
            return;
        }
        Console terminal = terminal();
        if (terminal == null) {
            throw new WrongUsage(
                    command.commandLine(),
                    question + " There is no terminal to ask at; --yes answers. Nothing was done.");
        }
        String answer = terminal.readLine("%s [y/N] ", question);
        String given = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
        if (!given.equals("y") && !given.equals("yes")) {
            throw new CommandFailure("nothing was done", null);
        }
    }

    /** The terminal that the command runs at; none when it runs in a pipe, or input or output goes elsewhere. */
    @SuppressWarnings("SystemConsoleNull") // Java 22 and later are asked differently, below
    public static @Nullable Console terminal() {
        Console console = System.console();
        if (console == null) {
            return null;
        }
        try {
            // Java 22 and later give a console to a process without a terminal, too.
            boolean real = Runtime.version().feature() < 22
                    || (boolean) Console.class.getMethod("isTerminal").invoke(console);
            return real ? console : null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
