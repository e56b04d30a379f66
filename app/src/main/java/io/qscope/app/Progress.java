package io.qscope.app;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Shows on a terminal how far a long command is, in one line that is overwritten; says nothing elsewhere. */
public final class Progress implements LongConsumer, AutoCloseable {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Console console;
    private final String what;
    private final boolean shown;
    private final long start = System.nanoTime();
    private long last = start - EVERY_NANOS;
    private boolean wrote;

    /**
     * Starts.
     *
     * @param what is counted: {@code rows deleted}
     */
    public Progress(Console console, String what) {
        this.console = console;
        this.what = what;
        this.shown = ConfirmOption.terminal() != null;
    }

    @Override
    public synchronized void accept(long count) {
        long now = System.nanoTime();
        if (shown && now - last >= EVERY_NANOS) {
            last = now;
            wrote = true;
            long seconds = TimeUnit.NANOSECONDS.toSeconds(now - start);
            console.err().printf("\r%,d %s, %d s ", count, what, seconds);
            console.err().flush();
        }
    }

    /** Leaves the line. */
    @Override
    public synchronized void close() {
        if (wrote) {
            console.err().println();
        }
    }
}
