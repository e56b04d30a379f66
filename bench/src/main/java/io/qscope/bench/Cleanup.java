package io.qscope.bench;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends the program in order when it is interrupted from outside: its own thread closes what it opened, last first, as at any end.
 * If it does not get there in time, the database is taken away under it, so that no server and no file stays behind.
 */
final class Cleanup {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Thread working = Thread.currentThread();
    private final @Nullable Thread hook;
    private volatile @Nullable AutoCloseable last;

    private Cleanup(boolean atInterrupt) {
        hook = atInterrupt ? new Thread(this::interrupted, "cleanup") : null;
        if (hook != null) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    /** Interrupts the thread that calls this when the process is told to end. */
    static Cleanup ofThisThread() {
        return new Cleanup(true);
    }

    /** For a thread that somebody else interrupts. */
    static Cleanup ofCaller() {
        return new Cleanup(false);
    }

    /** What holds all that outlives the process. */
    void lastly(AutoCloseable closeable) {
        last = closeable;
    }

    private void interrupted() {
        working.interrupt();
        try {
            working.join(PATIENCE.toMillis());
            AutoCloseable left = last;
            if (working.isAlive() && left != null) {
                left.close();
            }
        } catch (Exception e) {
            System.err.println("qscope: " + e.getMessage());
        }
    }

    /** Everything is closed. */
    void done() {
        if (hook != null && !isEnding()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    /** Told to end meanwhile, this thread only has to end, for which the other one waits. */
    private boolean isEnding() {
        return hook != null && hook.isAlive();
    }
}
