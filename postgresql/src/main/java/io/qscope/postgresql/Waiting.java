package io.qscope.postgresql;

import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way.
 *
 * @param call a read, or a unit
 * @param caller the Vert.x context that it was made on, which its future completes on; none: the callbacks' executor
 * @param deadline when it is given up, by {@link System#nanoTime}
 * @param alone whether it is known to be held up, and so goes with no other
 * @param <C> the call
 */
record Waiting<C>(C call, @Nullable Context caller, long deadline, boolean alone) {

    Waiting<C> goingAlone() {
        return new Waiting<>(call, caller, deadline, true);
    }

    boolean isOverdue(long now) {
        return now - deadline > 0;
    }
}
