package io.qscope.spring;

/**
 * Whether the storage was out of reach during the request that this thread serves. Not every endpoint lets the exception through
 * that says so, but the answer has to.
 */
final class UnavailableRequests {

    private static final ThreadLocal<boolean[]> REQUEST = new ThreadLocal<>();

    private UnavailableRequests() {}

    /** A request begins on this thread. */
    static void begin() {
        REQUEST.set(new boolean[1]);
    }

    /** It is over. */
    static void end() {
        REQUEST.remove();
    }

    /** The storage is out of reach. Does nothing outside a request. */
    static void note() {
        boolean[] noted = REQUEST.get();
        if (noted != null) {
            noted[0] = true;
        }
    }

    /** Whether it was noted since the request began. */
    static boolean noted() {
        boolean[] noted = REQUEST.get();
        return noted != null && noted[0];
    }
}
