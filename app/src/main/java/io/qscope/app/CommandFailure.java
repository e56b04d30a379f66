package io.qscope.app;

import org.jspecify.annotations.Nullable;

/** A command did not do what was asked, for a reason that its user can understand: told in one line, with an exit code. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailure(String message, @Nullable Throwable cause, int exitCode) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * It was refused, not found, or failed.
     *
     * @param message which thing, what happened, what to do
     */
    public CommandFailure(String message, @Nullable Throwable cause) {
        this(message, cause, ExitCode.REFUSED);
    }

    /** It was asked for with a value that is not accepted, so the same will fail again. */
    static CommandFailure ofValue(String message) {
        return new CommandFailure(message, null, ExitCode.USAGE);
    }

    int exitCode() {
        return exitCode;
    }
}
