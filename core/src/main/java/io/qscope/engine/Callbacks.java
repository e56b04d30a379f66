package io.qscope.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where futures complete: never on an engine's own thread, which a slow callback would hold up, and never on {@code
 * CompletableFuture}'s default executor, which starts a thread for every task on a small machine.
 *
 * <p>The default is a pool that grows as long as callbacks block, so that any number of blocked ones hold up nobody else; its
 * idle threads end after a minute.
 */
public final class Callbacks implements AutoCloseable {

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Executor executor;
    private final @Nullable ExecutorService own;

    private Callbacks(Executor executor, @Nullable ExecutorService own) {
        this.executor = executor;
        this.own = own;
    }

    /** A growing pool of its own. */
    public static Callbacks growing() {
        ExecutorService pool = Executors.newCachedThreadPool(Callbacks::thread);
        return new Callbacks(pool, pool);
    }

    /** The user's executor, which the user shuts down. */
    public static Callbacks on(Executor executor) {
        return new Callbacks(executor, null);
    }

    /**
     * Runs a task that completes futures: one for a whole group of calls. It runs whatever happens to the executor: else on a
     * new thread, and if there can be none on the caller's. An executor that runs a task and then throws sees it run twice.
     */
    public void run(Runnable completions) {
        try {
            executor.execute(completions);
        } catch (RuntimeException | Error shutDownOrFull) {
            runElsewhere(completions);
        }
    }

    /** A call must be answered even when the executor that was to carry the answer is gone, or its threads run out. */
    private static void runElsewhere(Runnable completions) {
        try {
            thread(completions).start();
        } catch (RuntimeException | Error noThread) {
            completions.run();
        }
    }

    /** Lets the tasks under way end and starts no more on a pool of its own. Does not wait. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "qscope-callbacks-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
