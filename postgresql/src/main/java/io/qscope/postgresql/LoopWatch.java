package io.qscope.postgresql;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;

/** Notices that an event loop has ended: its Vert.x was closed, or its thread is dead. What was handed to it is not done any more. */
final class LoopWatch {

    private final Future<?> end;
    private final FutureListener<Object> ended;

    /**
     * Watches nothing yet.
     *
     * @param ended called once the loop has done all that it will ever do, on another thread
     */
    LoopWatch(Context loop, Runnable ended) {
        this.end = ((ContextInternal) loop).nettyEventLoop().terminationFuture();
        this.ended = done -> ended.run();
    }

    /** Begins, also when the loop has ended already. */
    @SuppressWarnings("unchecked") // it is told of nothing but the end
    void start() {
        ((Future<Object>) end).addListener(ended);
    }

    /** Watches no more, and lets go of whoever is to be called: a loop may live longer. */
    @SuppressWarnings("unchecked") // it is told of nothing but the end
    void stop() {
        ((Future<Object>) end).removeListener(ended);
    }
}
