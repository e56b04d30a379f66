package io.qscope.key;

/** A sealed value that cannot be opened: its message says why, and holds nothing of the value. */
public final class SealException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SealException(String problem) {
        super(problem);
    }
}
