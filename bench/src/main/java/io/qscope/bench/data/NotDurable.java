package io.qscope.bench.data;

/** A commit would not be on a disk once it is acknowledged, so figures would mean nothing. */
public final class NotDurable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is not durable, and what to do. */
    public NotDurable(String message) {
        super(message);
    }
}
