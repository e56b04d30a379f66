package io.qscope.postgresql;

import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlWrite;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Units that wait for a connection, and for rows that others write: what is written to one row is written in the order in which it
 * came, and never by two in a group. Belongs to the event loop, but for the inbox.
 */
final class UnitQueue {

    private static final int GROWTH = 16;

    private final Inbox<SqlUnit<?>> inbox;
    private final int largestGroup;

    /** Grows while groups come through whole, and is halved when one does not: whoever makes calls fail makes groups small. */
    private int limit;

    private final RowOrder rows = new RowOrder();

    /** Those that wait for rows or for a connection, in the order in which they came. */
    private final Set<Entry> waiting = new LinkedHashSet<>();

    /** Those that only wait for a connection, and travel together. */
    private final NavigableSet<Entry> ready = inOrder();

    /** The same, of those that change roots: they go with none that rely on a root, and which root a code has only the database knows. */
    private final NavigableSet<Entry> readyToChangeRoots = inOrder();

    /** Those that only wait for a connection, each by itself. */
    private final NavigableSet<Entry> readyAlone = inOrder();

    private final List<NavigableSet<Entry>> allReady = List.of(ready, readyToChangeRoots, readyAlone);

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

    /** Of arrival: who waited for a row, or is put back, goes before those that came later. */
    private static NavigableSet<Entry> inOrder() {
        return new TreeSet<>(Comparator.comparingLong(entry -> entry.arrival));
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

    private NavigableSet<Entry> queueOf(Entry entry) {
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
        return allReady.stream().anyMatch(queue -> !queue.isEmpty());
    }

    /** Whether the next one travels with no other; there is one. */
    boolean nextGoesAlone() {
        return readyAlone.contains(oldest().first());
    }

    /** How many wait for nothing but a connection. */
    int ready() {
        return allReady.stream().mapToInt(NavigableSet::size).sum();
    }

    /** The next that can be sent, together; there are some. They keep their rows until {@link #release}. */
    List<Waiting<SqlUnit<?>>> next() {
        NavigableSet<Entry> from = oldest();
        int most = readyAlone.contains(from.first()) ? 1 : limit;
        List<Waiting<SqlUnit<?>>> group = new ArrayList<>();
        while (group.size() < most && !from.isEmpty()) {
            Entry entry = from.pollFirst();
            waiting.remove(entry);
            group.add(entry.unit);
        }
        inbox.left(group.size());
        return group;
    }

    /** Of the queues that are not empty, the one whose first came first. */
    private NavigableSet<Entry> oldest() {
        return allReady.stream()
                .filter(queue -> !queue.isEmpty())
                .min(Comparator.comparingLong(queue -> queue.first().arrival))
                .orElseThrow();
    }

    /** Takes out those at the head of the queue whose time is over, and frees their rows: they are not to be sent any more. */
    List<Waiting<SqlUnit<?>>> takeOutOverdue(long now) {
        List<Entry> out = new ArrayList<>();
        for (NavigableSet<Entry> queue : allReady) {
            while (!queue.isEmpty() && queue.first().unit.isOverdue(now)) {
                out.add(queue.pollFirst());
            }
        }
        return takeOut(out);
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
        queueOf(entry).add(entry);
    }

    /** The unit is answered: its rows are free. */
    void release(SqlUnit<?> unit) {
        Entry entry = entries.remove(unit);
        if (entry != null) {
            rows.release(entry.claim);
        }
    }

    /** How what was handed out came through: whole, or in parts because of one in it. */
    void cameThrough(boolean whole) {
        limit = whole ? Math.min(largestGroup, limit + GROWTH) : Math.max(1, limit / 2);
    }

    /** Takes out what is of no use any more, and frees its rows. */
    List<Waiting<SqlUnit<?>>> takeOut(Predicate<Waiting<?>> which) {
        takeIn();
        return takeOut(waiting.stream().filter(entry -> which.test(entry.unit)).toList());
    }

    private List<Waiting<SqlUnit<?>>> takeOut(List<Entry> out) {
        List<Waiting<SqlUnit<?>>> units = new ArrayList<>(out.size());
        for (Entry entry : out) {
            units.add(entry.unit);
            waiting.remove(entry);
            release(entry.unit.call());
        }
        // A row that one of them gave up may have made another of them ready.
        out.forEach(entry -> queueOf(entry).remove(entry));
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
