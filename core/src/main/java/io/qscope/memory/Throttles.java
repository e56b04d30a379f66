package io.qscope.memory;

import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import java.nio.ByteBuffer;
import java.time.Duration;
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
     * @param count how many are counted in its window
     * @param endsAt the first moment after its window
     * @param countedAttempt who counted last
     * @param countedAs what that attempt was told
     * @param uncountedAttempt who took back last
     */
    record Throttle(
            int count,
            Instant endsAt,
            String countedAttempt,
            int countedAs,
            @Nullable String uncountedAttempt) {

        /** The first of a window; what came before it tells who took back last. */
        static Throttle begun(Attempt attempt, Duration window, @Nullable Throttle before) {
            String uncountedAttempt = before == null ? null : before.uncountedAttempt();
            return new Throttle(1, attempt.at().plus(window), attempt.id(), 1, uncountedAttempt);
        }

        Throttle counted(Attempt attempt) {
            int more = Math.min(count, Integer.MAX_VALUE - 1) + 1;
            return new Throttle(more, endsAt, attempt.id(), more, uncountedAttempt);
        }

        Throttle uncounted(Attempt attempt) {
            return new Throttle(Math.max(count, 1) - 1, endsAt, countedAttempt, countedAs, attempt.id());
        }
    }

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
}
