package io.qscope.postgresql;

import java.util.concurrent.TimeUnit;

/** Waits for a condition, and says which one it was when it waits in vain. */
final class Eventually {

    private static final long PATIENCE_SECONDS = 60;

    private static final long LOOK_EVERY_MILLIS = 10;

    private Eventually() {}

    /** What may take a while. */
    interface Condition {
        boolean holds() throws Exception;
    }

    static void holds(String what, Condition condition) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("waited " + PATIENCE_SECONDS + " s in vain until " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
