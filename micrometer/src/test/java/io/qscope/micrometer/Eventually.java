package io.qscope.micrometer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A listener is told a little after a call is answered. */
final class Eventually {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private Eventually() {}

    /** Asserts until it holds; the last failure is the test's. */
    static void holds(Runnable assertion) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() > until) {
                    throw notYet;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}
