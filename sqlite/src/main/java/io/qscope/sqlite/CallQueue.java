package io.qscope.sqlite;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls that wait for a thread of the engine: bounded, and never a reason for a caller to wait.
 *
 * @param <C> the call
 */
final class CallQueue<C> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<C> waiting = new ArrayDeque<>();
    private final int capacity;
    private final int largestGroup;
    private final int takers;
    private int idle;
    private boolean closed;

    /**
     * A queue.
     *
     * @param largestGroup how many calls a thread is given at once at most
     * @param takers how many threads take from it and share what waits
     */
    CallQueue(int capacity, int largestGroup, int takers) {
        this.capacity = capacity;
        this.largestGroup = largestGroup;
        this.takers = takers;
    }

    /** Takes in as many of the calls as there is room for, in order; returns how many, none once closed. */
    int offer(List<? extends C> calls) {
        lock.lock();
        try {
            if (closed) {
                return 0;
            }
            int room = Math.min(capacity - waiting.size(), calls.size());
            for (int i = 0; i < room; i++) {
                waiting.add(calls.get(i));
            }
            if (idle > 0) {
                arrived.signal();
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for calls and moves this thread's share of them; false when closed and empty. */
    boolean take(List<C> into) {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (closed) {
                    return false;
                }
                idle++;
                arrived.awaitUninterruptibly();
                idle--;
            }
            // A share, so that the calls that wait together are answered by all threads at once.
            move(into, Math.min(largestGroup, (waiting.size() + takers - 1) / takers));
            if (!waiting.isEmpty() && idle > 0) {
                arrived.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Moves what waits now, at most {@code most}. */
    void drain(List<C> into, int most) {
        lock.lock();
        try {
            move(into, most);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in no more; what waits is still given out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void move(List<C> into, int most) {
        for (int i = 0; i < most; i++) {
            C call = waiting.poll();
            if (call == null) {
                return;
            }
            into.add(call);
        }
    }
}
