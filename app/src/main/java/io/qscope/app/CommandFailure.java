package io.qscope.app;

import org.jspecify.annotations.Nullable;

/** A command did not do what was asked, for a reason that its user can understand: told in one line, exit code 1. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message which thing, what happened, what to do */
    public CommandFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
