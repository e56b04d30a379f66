package io.qscope.memory;

import io.qscope.model.TokenDigest;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The counters of throttled keys. Every change puts its reverse into the undo log. */
final class Throttles {

    /**
     * A counter. Immutable.
     *
     * @param counted how many are counted in its window
     * @param endsAt the first moment after its window
     * @param countedAttempt who counted last
     * @param countedAs what that attempt was told
     * @param uncountedAttempt who took back last
     */
    record Throttle(
            int counted,
            Instant endsAt,
            String countedAttempt,
            int countedAs,
            @Nullable String uncountedAttempt) {}

    private final Deque<Runnable> undo;
    private final Map<Object, Throttle> byKey = new HashMap<>();

    Throttles(Deque<Runnable> undo) {
        this.undo = undo;
    }

    @Nullable
    Throttle of(TokenDigest key) {
        return byKey.get(bytesOf(key));
    }

    void put(TokenDigest key, Throttle throttle) {
        exchange(bytesOf(key), throttle);
    }

    /** Removes those whose windows ended before that moment, the first to end first; how many it removed. */
    int removeEnded(Instant before, int limit) {
        List<Map.Entry<Object, Throttle>> ended = byKey.entrySet().stream()
                .filter(entry -> entry.getValue().endsAt().isBefore(before))
                .sorted(Comparator.comparing(entry -> entry.getValue().endsAt()))
                .limit(limit)
                .toList();
        ended.stream().map(Map.Entry::getKey).toList().forEach(key -> exchange(key, null));
        return ended.size();
    }

    private void exchange(Object key, @Nullable Throttle in) {
        Throttle out = set(key, in);
        undo.push(() -> set(key, out));
    }

    private @Nullable Throttle set(Object key, @Nullable Throttle throttle) {
        return throttle == null ? byKey.remove(key) : byKey.put(key, throttle);
    }

    private static Object bytesOf(TokenDigest key) {
        return ByteBuffer.wrap(key.bytes());
    }

    int size() {
        return byKey.size();
    }
}
