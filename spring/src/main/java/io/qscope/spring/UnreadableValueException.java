package io.qscope.spring;

/** A stored value that is foreign, of another version, damaged, or sealed by a key that is missing. Quotes nothing of it. */
final class UnreadableValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableValueException(String problem) {
        super(problem);
    }
}
