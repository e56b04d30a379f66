package io.qscope.postgresql;

import io.qscope.sql.SqlRead;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads that wait for a connection: lookups of the same kind together, others by themselves. Belongs to the event loop, but for the inbox. */
final class ReadQueue {

    private final Inbox<SqlRead<?, ?>> inbox;
    private final int largestGroup;

    /** By their text. The kind that was taken from last is the last. */
    private final Map<String, ArrayDeque<Waiting<SqlRead<?, ?>>>> lookups = new LinkedHashMap<>();

    private final ArrayDeque<Waiting<SqlRead<?, ?>>> others = new ArrayDeque<>();

    ReadQueue(int capacity, int largestGroup) {
        this.inbox = new Inbox<>(capacity);
        this.largestGroup = largestGroup;
    }

    /** On any thread: takes a read in, if there is room. */
    boolean offer(SqlRead<?, ?> read, @Nullable Context caller, long deadline) {
        return inbox.offer(List.of(read), caller, deadline) == 1;
    }

    void takeIn() {
        inbox.arrivals().forEach(read -> queueOf(read).add(read));
    }

    private ArrayDeque<Waiting<SqlRead<?, ?>>> queueOf(Waiting<SqlRead<?, ?>> read) {
        return read.call().isLookup()
                ? lookups.computeIfAbsent(read.call().query().text(), text -> new ArrayDeque<>())
                : others;
    }

    boolean hasLookups() {
        return !lookups.isEmpty();
    }

    /** How many lookups wait. */
    int lookups() {
        return lookups.values().stream().mapToInt(ArrayDeque::size).sum();
    }

    boolean hasOthers() {
        return !others.isEmpty();
    }

    /** The next lookups of one kind, at most so many; there are some. */
    List<Waiting<SqlRead<?, ?>>> nextLookups(int most) {
        String text = lookups.keySet().iterator().next();
        ArrayDeque<Waiting<SqlRead<?, ?>>> alike = Objects.requireNonNull(lookups.remove(text));
        List<Waiting<SqlRead<?, ?>>> group = new ArrayList<>();
        int size = Math.min(most, largestGroup);
        while (group.size() < size && !alike.isEmpty()) {
            group.add(alike.remove());
        }
        if (!alike.isEmpty()) {
            lookups.put(text, alike);
        }
        inbox.left(group.size());
        return group;
    }

    /** The next read that goes by itself; there is one. */
    List<Waiting<SqlRead<?, ?>>> nextOther() {
        inbox.left(1);
        return List.of(others.remove());
    }

    /** Puts one back that could not be answered, before those that came after it. */
    void putBack(Waiting<SqlRead<?, ?>> read) {
        inbox.left(-1);
        queueOf(read).addFirst(read);
    }

    /** Takes out what is of no use any more. */
    List<Waiting<SqlRead<?, ?>>> takeOut(Predicate<Waiting<?>> which) {
        takeIn();
        List<Waiting<SqlRead<?, ?>>> out = new ArrayList<>();
        List<Queue<Waiting<SqlRead<?, ?>>>> queues = new ArrayList<>(lookups.values());
        queues.add(others);
        queues.forEach(queue -> queue.removeIf(read -> which.test(read) && out.add(read)));
        lookups.values().removeIf(ArrayDeque::isEmpty);
        inbox.left(out.size());
        return out;
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
