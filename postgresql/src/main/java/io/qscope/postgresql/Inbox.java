package io.qscope.postgresql;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where calls come in, from any thread: bounded, and never a reason for a caller to wait. The event loop takes in what has arrived, and
 * says when a call waits no more.
 *
 * @param <C> the call
 */
final class Inbox<C> {

    private final int capacity;
    private List<Waiting<C>> arrived = new ArrayList<>();

    /** How many wait: here, or for a connection. */
    private int waiting;

    private boolean closed;

    Inbox(int capacity) {
        this.capacity = capacity;
    }

    /** Takes in as many of the calls as there is room for, in order; returns how many, none once closed. */
    synchronized int offer(List<? extends C> calls, @Nullable Context caller, long deadline) {
        int room = closed ? 0 : Math.max(0, Math.min(capacity - waiting, calls.size()));
        for (C call : calls.subList(0, room)) {
            arrived.add(new Waiting<>(call, caller, deadline, Waiting.Company.ANY));
        }
        waiting += room;
        return room;
    }

    /** Hands over what has arrived since the last time, in order. It waits still. */
    synchronized List<Waiting<C>> arrivals() {
        if (arrived.isEmpty()) {
            return List.of();
        }
        List<Waiting<C>> all = arrived;
        arrived = new ArrayList<>();
        return all;
    }

    /** So many wait no more, or again if it is less than none. */
    synchronized void left(int calls) {
        waiting -= calls;
    }

    synchronized int waiting() {
        return waiting;
    }

    /** Takes in no more. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
