package io.qscope.engine;

import io.qscope.store.StorageCall;
import io.qscope.store.StorageListener;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Calls a listener on a thread that does nothing else, so that a slow one holds up neither answers nor callbacks, whatever
 * executor those run on. The thread comes with the first call and goes when there are none for a while, so that nobody has to
 * end it.
 */
final class Teller {

    /** Enough for what comes in while the machine is elsewhere, few enough not to matter beside what the calls hold. */
    private static final int MOST_WAITING = 65_536;

    private static final int IDLE_SECONDS = 10;

    private static final System.Logger LOGGER = System.getLogger(StorageListener.class.getName());

    private final StorageListener listener;
    private final ThreadPoolExecutor thread;
    private final AtomicBoolean threw = new AtomicBoolean();
    private final AtomicBoolean late = new AtomicBoolean();

    Teller(StorageListener listener) {
        this.listener = listener;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Teller::thread,
                (call, full) -> warnOnce(late, "a storage listener is too slow: some calls are not told", null));
        thread.allowCoreThreadTimeOut(true);
    }

    /** Tells of a call soon; returns at once, whatever happens. */
    void tell(StorageCall call) {
        try {
            thread.execute(() -> tellNow(call));
        } catch (RuntimeException | Error noThread) {
            warnOnce(late, "a storage listener has no thread: some calls are not told", noThread);
        }
    }

    private void tellNow(StorageCall call) {
        try {
            listener.called(call);
        } catch (RuntimeException | Error e) {
            warnOnce(threw, "a storage listener threw; what it throws from now on is dropped silently", e);
        }
    }

    /** A log that fails must not harm a call either. */
    private static void warnOnce(AtomicBoolean warned, String what, @Nullable Throwable why) {
        if (warned.compareAndSet(false, true)) {
            try {
                LOGGER.log(Level.WARNING, what, why);
            } catch (RuntimeException | Error noLog) {
                // There is nobody left to tell.
            }
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "qscope-listener");
        thread.setDaemon(true);
        return thread;
    }
}
