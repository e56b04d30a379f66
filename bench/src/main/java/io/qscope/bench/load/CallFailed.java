package io.qscope.bench.load;

/** A measured call failed, so nothing that was measured counts. */
public final class CallFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whose call it was, and what it failed with. */
    public CallFailed(String side, Throwable failure) {
        super("void: a call of " + side + " failed, so no figure counts: " + failure, failure);
    }
}
