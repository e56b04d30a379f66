package io.qscope.postgresql;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
            waiting.add(new Waiting<>(call, caller, deadline));
        }
        return Math.max(room, 0);
    }

    /** The next one; none when nothing waits. */
    synchronized @Nullable Waiting<C> poll() {
        return waiting.poll();
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
