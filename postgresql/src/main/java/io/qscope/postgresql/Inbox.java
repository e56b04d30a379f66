package io.qscope.postgresql;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for a connection: bounded, and never a reason for a caller to wait.
 *
 * @param <C> the call
 */
final class Inbox<C> {

    private final int capacity;
    private final ArrayDeque<Waiting<C>> waiting = new ArrayDeque<>();
    private boolean closed;

    Inbox(int capacity) {
        this.capacity = capacity;
    }

    /** Takes in as many of the calls as there is room for, in order; returns how many, none once closed. */
    synchronized int offer(List<? extends C> calls, @Nullable Context caller, long deadline) {
        int room = closed ? 0 : Math.min(capacity - waiting.size(), calls.size());
        for (C call : calls.subList(0, Math.max(room, 0))) {
            waiting.add(new Waiting<>(call, caller, deadline, false));
        }
        return Math.max(room, 0);
    }

    /** What becomes of a call that waits. */
    enum Choice {
        TAKE,
        /** It waits on, in its place. */
        PASS_OVER,
        /** It is taken, or waits on, and none after it is looked at. */
        TAKE_AS_LAST,
        STOP
    }

    /**
     * Takes out what is chosen, from the one that waits longest on.
     *
     * @param looks how many are looked at at most
     */
    synchronized List<Waiting<C>> take(int looks, Function<Waiting<C>, Choice> choice) {
        List<Waiting<C>> taken = new ArrayList<>();
        ArrayDeque<Waiting<C>> passed = new ArrayDeque<>();
        boolean more = true;
        for (int look = 0; more && look < looks && !waiting.isEmpty(); look++) {
            Waiting<C> call = waiting.remove();
            Choice chosen = choice.apply(call);
            boolean takes = chosen == Choice.TAKE || chosen == Choice.TAKE_AS_LAST;
            (takes ? taken : passed).add(call);
            more = chosen == Choice.TAKE || chosen == Choice.PASS_OVER;
        }
        while (!passed.isEmpty()) {
            waiting.addFirst(passed.removeLast());
        }
        return taken;
    }

    /** Puts one back that could not be sent, before those that came after it. */
    synchronized void putBack(Waiting<C> call) {
        waiting.addFirst(call);
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Takes out what is of no use any more. */
    synchronized List<Waiting<C>> takeOut(Predicate<Waiting<C>> which) {
        List<Waiting<C>> out = new ArrayList<>();
        waiting.removeIf(call -> which.test(call) && out.add(call));
        return out;
    }

    /** Takes in no more. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
