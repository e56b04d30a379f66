package io.qscope.postgresql;

import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way.
 *
 * @param call a read, or a unit
 * @param caller the Vert.x context that it was made on, which its future completes on; none: the callbacks' executor
 * @param deadline when it is given up, by {@link System#nanoTime}
 * @param company who it travels with
 * @param <C> the call
 */
record Waiting<C>(C call, @Nullable Context caller, long deadline, Company company) {

    /** Who a call travels with. */
    enum Company {
        /** Any that it may. */
        ANY,
        /** None: it is known to be held up. */
        NONE,
        /** None, a statement at a time: it is known not to succeed as a whole. */
        DIALOGUE
    }

    Waiting<C> in(Company other) {
        return new Waiting<>(call, caller, deadline, other);
    }

    boolean isOverdue(long now) {
        return now - deadline > 0;
    }
}
