package io.qscope.app;

/** With what the command ends; a script may rely on these. */
public final class ExitCode {

    /** Done. */
    public static final int DONE = 0;

    /** Refused, not found, or failed; nothing was changed unless the message says so. */
    public static final int REFUSED = 1;

    /** Wrong usage; nothing was done. */
    public static final int USAGE = 2;

    /** The storage cannot be used: out of reach, locked, damaged, of another version. */
    public static final int STORAGE = 3;

    private ExitCode() {}
}
