package io.qscope.postgresql;

import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlWrite;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Units that wait for a connection, and for rows that others write: what is written to one row is written in the order in which it
 * came, and never by two in a group. Belongs to the event loop, but for the inbox.
 */
final class UnitQueue {

    /** What has less time left goes alone: its server's time-out would be that of its neighbours. */
    private static final long SHORT_OF_TIME_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int GROWTH = 16;

    private final Inbox<SqlUnit<?>> inbox;
    private final int largestGroup;

    /** Grows while groups come through whole, and is halved when one does not: whoever makes calls fail makes groups small. */
    private int limit;

    private final RowOrder rows = new RowOrder();

    /** Those that wait for rows or for a connection, in the order in which they came. */
    private final Set<Entry> waiting = new LinkedHashSet<>();

    /** Those that only wait for a connection, and travel together. */
    private final ArrayDeque<Entry> ready = new ArrayDeque<>();

    /** The same, of those that change roots: they go with none that rely on a root, and which root a code has only the database knows. */
    private final ArrayDeque<Entry> readyToChangeRoots = new ArrayDeque<>();

    /** Those that only wait for a connection, each by itself. */
    private final ArrayDeque<Entry> readyAlone = new ArrayDeque<>();

    /** Those that wait, and those under way. */
    private final IdentityHashMap<SqlUnit<?>, Entry> entries = new IdentityHashMap<>();

    private long arrivals;

    /** A unit. */
    private static final class Entry {

        private final long arrival;
        private final RowOrder.Claim claim;
        private Waiting<SqlUnit<?>> unit;

        Entry(long arrival, Waiting<SqlUnit<?>> unit, UnitQueue queue) {
            this.arrival = arrival;
            this.unit = unit;
            this.claim = claim(unit.call(), () -> queue.isReady(this));
        }
    }

    UnitQueue(int capacity, int largestGroup) {
        this.inbox = new Inbox<>(capacity);
        this.largestGroup = largestGroup;
        this.limit = largestGroup;
    }

    /** The rows of a unit, by every name that it has for them: ids and digests. */
    private static RowOrder.Claim claim(SqlUnit<?> unit, Runnable ready) {
        Set<Object> written = new HashSet<>();
        Set<Object> reliedOn = new HashSet<>();
        for (SqlWrite<?> part : unit.parts()) {
            for (SqlStep step : part.steps()) {
                if (step.touches() != SqlStep.Touches.ANY) {
                    names(step, written);
                }
            }
            reliedOn.addAll(part.references());
        }
        reliedOn.removeAll(written);
        return new RowOrder.Claim(written, reliedOn, ready);
    }

    private static void names(SqlStep step, Set<Object> names) {
        if (step.parameters().get(0) instanceof String id) {
            names.add(id);
        }
        for (Object parameter : step.parameters()) {
            if (parameter instanceof byte[] digest) {
                names.add(ByteBuffer.wrap(digest));
            }
        }
    }

    /** On any thread: takes in as many of the units as there is room for, in order; returns how many. */
    int offer(List<? extends SqlUnit<?>> units, @Nullable Context caller, long deadline) {
        return inbox.offer(units, caller, deadline);
    }

    void takeIn() {
        for (Waiting<SqlUnit<?>> unit : inbox.arrivals()) {
            Entry entry = new Entry(arrivals++, unit, this);
            entries.put(unit.call(), entry);
            waiting.add(entry);
            rows.ask(entry.claim);
        }
    }

    private void isReady(Entry entry) {
        queueOf(entry).add(entry);
    }

    private ArrayDeque<Entry> queueOf(Entry entry) {
        SqlUnit<?> unit = entry.unit.call();
        boolean alone = entry.unit.company() != Waiting.Company.ANY;
        boolean oneStep =
                unit.parts().size() == 1 && unit.parts().get(0).steps().size() == 1;
        boolean changesRoots = false;
        for (SqlWrite<?> part : unit.parts()) {
            for (SqlStep step : part.steps()) {
                alone |= step.touches() == SqlStep.Touches.ANY;
                changesRoots |= step.writesRoots();
            }
        }
        if (alone || (changesRoots && !oneStep)) {
            return readyAlone;
        }
        return changesRoots ? readyToChangeRoots : ready;
    }

    boolean hasReady() {
        return !ready.isEmpty() || !readyToChangeRoots.isEmpty() || !readyAlone.isEmpty();
    }

    /** The next that can be sent, together; there are some. They keep their rows until {@link #release}. */
    List<Waiting<SqlUnit<?>>> next() {
        ArrayDeque<Entry> from = oldest();
        int most = from.peek() == readyAlone.peek() ? 1 : limit;
        long shortOfTime = System.nanoTime() + SHORT_OF_TIME_NANOS;
        List<Waiting<SqlUnit<?>>> group = new ArrayList<>();
        while (group.size() < most && !from.isEmpty()) {
            boolean isShort = from.element().unit.isOverdue(shortOfTime);
            if (isShort && !group.isEmpty()) {
                break;
            }
            Entry entry = from.remove();
            waiting.remove(entry);
            group.add(entry.unit);
            if (isShort) {
                break;
            }
        }
        inbox.left(group.size());
        return group;
    }

    /** Of the queues that are not empty, the one whose first came first. */
    private ArrayDeque<Entry> oldest() {
        ArrayDeque<Entry> oldest = ready;
        for (ArrayDeque<Entry> queue : List.of(readyToChangeRoots, readyAlone)) {
            if (!queue.isEmpty() && (oldest.isEmpty() || queue.element().arrival < oldest.element().arrival)) {
                oldest = queue;
            }
        }
        return oldest;
    }

    /** Puts one back that was not applied, before those that came after it; it has its rows still. */
    void putBack(Waiting<SqlUnit<?>> unit) {
        Entry entry = entries.get(unit.call());
        if (entry == null) {
            throw new IllegalStateException("the unit is not under way");
        }
        entry.unit = unit;
        inbox.left(-1);
        waiting.add(entry);
        queueOf(entry).addFirst(entry);
    }

    /** The unit is answered: its rows are free. */
    void release(SqlUnit<?> unit) {
        Entry entry = entries.remove(unit);
        if (entry != null) {
            rows.release(entry.claim);
        }
    }

    /** How a group came through that was handed out: whole, or in parts because of one in it. */
    void cameThrough(boolean whole) {
        limit = whole ? Math.min(largestGroup, limit + GROWTH) : Math.max(1, limit / 2);
    }

    /** Takes out what is of no use any more, and frees its rows. */
    List<Waiting<SqlUnit<?>>> takeOut(Predicate<Waiting<?>> which) {
        takeIn();
        Set<Entry> out = new LinkedHashSet<>();
        waiting.removeIf(entry -> which.test(entry.unit) && out.add(entry));
        if (out.isEmpty()) {
            return List.of();
        }
        List.of(ready, readyToChangeRoots, readyAlone).forEach(queue -> queue.removeIf(out::contains));
        List<Waiting<SqlUnit<?>>> units = new ArrayList<>();
        for (Entry entry : out) {
            units.add(entry.unit);
        }
        units.forEach(unit -> release(unit.call()));
        // A row that one of them gave up may have made another of them ready.
        List.of(ready, readyToChangeRoots, readyAlone).forEach(queue -> queue.removeIf(out::contains));
        inbox.left(units.size());
        return units;
    }

    int waiting() {
        return inbox.waiting();
    }

    void close() {
        inbox.close();
    }

    boolean isClosed() {
        return inbox.isClosed();
    }
}
