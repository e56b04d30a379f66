package io.qscope.app;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Wrong usage in words of our own, which may be shown: they repeat no value that the user did not mean to be seen. */
public final class WrongUsage extends ParameterException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, and what is accepted */
    public WrongUsage(CommandLine command, String message) {
        super(command, message);
    }
}
