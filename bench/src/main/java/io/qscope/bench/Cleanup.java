package io.qscope.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the program in order when it is interrupted from outside: its own thread closes what it opened, last first, as at any end.
 * If it does not get there in time, the database is taken away under it, so that no server and no file stays behind.
 */
final class Cleanup {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Thread working = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final @Nullable Thread hook;
    private volatile @Nullable AutoCloseable last;
    private volatile boolean ending;

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

    /** Whether the process was told to end, so that whatever fails now may fail for this. */
    boolean isEnding() {
        return ending;
    }

    private void interrupted() {
        ending = true;
        if (closed.getCount() == 0) {
            return;
        }
        System.err.println("qscope: ending; what was made is taken away, which takes a moment");
        working.interrupt();
        try {
            // Not for the thread's end: it waits in System.exit for this one's.
            boolean inOrder = closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            AutoCloseable left = last;
            if (!inOrder && left != null) {
                left.close();
            }
        } catch (Exception e) {
            System.err.println("qscope: " + e.getMessage());
        }
    }

    /** Everything is closed. */
    void done() {
        closed.countDown();
        if (hook != null && !ending) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endingNow) {
                ending = true; // told to end at this very moment: the hook finds that there is nothing to do
            }
        }
    }
}
