package io.qscope.postgresql;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** How far an engine's end has come: closed once, by any thread, then idle, its chains closed, and over. */
final class Ending {

    /** How long calls under way may take to finish when the storage is closed. */
    static final long FINISH_MILLIS = 3_000;

    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);

    /** For the event loop: whether the chains are being closed, after the last call. */
    private boolean closingChains;

    /** Begins it; false when it has begun already. */
    boolean begin() {
        return begun.compareAndSet(false, true);
    }

    boolean hasBegun() {
        return begun.get();
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    void setOver() {
        over.countDown();
    }

    /** Closes the chains of idle lanes, once, on the event loop. */
    void closeChains(List<Lane> lanes, Runnable then) {
        if (!closingChains) {
            closingChains = true;
            List<Future<?>> chains = new ArrayList<>();
            lanes.forEach(lane -> chains.add(lane.closeChain()));
            Future.join(chains).onComplete(done -> then.run());
        }
    }

    /** Waits until it is over, and not for ever. */
    void await() {
        boolean interrupted = false;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * FINISH_MILLIS);
        while (System.nanoTime() < until) {
            try {
                if (over.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
