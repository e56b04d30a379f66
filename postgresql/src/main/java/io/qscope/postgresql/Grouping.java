package io.qscope.postgresql;

import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlWrite;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the calls that wait travel together. For the event loop.
 *
 * <p>Lookups of the same kind do. Units do when none writes a row that another one writes or relies on. A unit waits while a row
 * of its is written by another that was sent before, on whatever connection, or waits before it: what is written to one row is
 * written in the order in which it came.
 */
final class Grouping {

    /** Among how many calls that wait those are looked for that can be sent, for each that is sent at most. */
    private static final int LOOKS_FOR_EACH = 4;

    private final int largest;

    /** Grows while groups succeed, and is halved when one fails: whoever makes calls fail makes groups small, and pays less for it. */
    private int limit;

    /** Rows that units under way write. */
    private final Set<Object> written = new HashSet<>();

    /** Rows that units under way rely on, and how many do. */
    private final Map<Object, Integer> reliedOn = new HashMap<>();

    private final Map<SqlUnit<?>, Rows> underWay = new IdentityHashMap<>();

    Grouping(int largest) {
        this.largest = largest;
        this.limit = largest;
    }

    /** The rows of a unit, by every name that it has for them: ids and digests. */
    private record Rows(Set<Object> written, Set<Object> reliedOn) {

        static Rows of(SqlUnit<?> unit) {
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
            return new Rows(written, reliedOn);
        }

        private static void names(SqlStep step, Set<Object> names) {
            Object key = step.parameters().get(0);
            if (key instanceof String id) {
                names.add(id);
            }
            for (Object parameter : step.parameters()) {
                if (parameter instanceof byte[] digest) {
                    names.add(ByteBuffer.wrap(digest));
                }
            }
        }

        boolean meets(Set<Object> othersWritten, Set<Object> othersReliedOn) {
            return written.stream().anyMatch(row -> othersWritten.contains(row) || othersReliedOn.contains(row))
                    || reliedOn.stream().anyMatch(othersWritten::contains);
        }
    }

    /**
     * Takes the next lookups of one kind, or another read, out of those that wait.
     *
     * @param lookups whether lookups can be sent
     */
    List<Waiting<SqlRead<?, ?>>> nextReads(Inbox<SqlRead<?, ?>> waiting, boolean lookups) {
        return waiting.take(largest * LOOKS_FOR_EACH, new java.util.function.Function<>() {

            private int taken;
            private String text = "";

            @Override
            public Inbox.Choice apply(Waiting<SqlRead<?, ?>> waits) {
                SqlRead<?, ?> read = waits.call();
                if (read.isLookup() && !lookups) {
                    return Inbox.Choice.PASS_OVER;
                }
                if (taken == 0) {
                    text = read.query().text();
                } else if (!read.isLookup() || !read.query().text().equals(text)) {
                    return Inbox.Choice.PASS_OVER;
                }
                taken++;
                return read.isLookup() && taken < largest ? Inbox.Choice.TAKE : Inbox.Choice.TAKE_AS_LAST;
            }
        });
    }

    /** Takes the next units that can be sent, together, out of those that wait. They are under way until {@link #release}. */
    List<Waiting<SqlUnit<?>>> nextUnits(Inbox<SqlUnit<?>> waiting) {
        return waiting.take(largest * LOOKS_FOR_EACH, new java.util.function.Function<>() {

            private final Set<Object> passedWritten = new HashSet<>();
            private final Set<Object> passedReliedOn = new HashSet<>();
            private int taken;
            private boolean changeRoots;

            @Override
            public Inbox.Choice apply(Waiting<SqlUnit<?>> waits) {
                SqlUnit<?> unit = waits.call();
                Rows rows = Rows.of(unit);
                boolean together = !waits.alone() && canBeShared(unit);
                boolean fits = taken == 0 || (together && changesRoots(unit) == changeRoots);
                if (!fits || rows.meets(written, reliedOn.keySet()) || rows.meets(passedWritten, passedReliedOn)) {
                    passedWritten.addAll(rows.written);
                    passedReliedOn.addAll(rows.reliedOn);
                    return Inbox.Choice.PASS_OVER;
                }
                taken++;
                changeRoots = changesRoots(unit);
                take(unit, rows);
                return together && taken < limit ? Inbox.Choice.TAKE : Inbox.Choice.TAKE_AS_LAST;
            }
        });
    }

    private void take(SqlUnit<?> unit, Rows rows) {
        written.addAll(rows.written);
        rows.reliedOn.forEach(row -> reliedOn.merge(row, 1, Integer::sum));
        underWay.put(unit, rows);
    }

    /** The unit is answered, or waits again. */
    void release(SqlUnit<?> unit) {
        Rows rows = underWay.remove(unit);
        if (rows != null) {
            written.removeAll(rows.written);
            rows.reliedOn.forEach(
                    row -> reliedOn.computeIfPresent(row, (same, calls) -> calls == 1 ? null : calls - 1));
        }
    }

    /** What touches nobody knows how many rows goes alone. */
    private static boolean canBeShared(SqlUnit<?> unit) {
        return unit.parts().stream()
                .flatMap(part -> part.steps().stream())
                .noneMatch(step -> step.touches() == SqlStep.Touches.ANY);
    }

    /** A root's revocation goes with no call that relies on a root; which root a code has only the database knows. */
    private static boolean changesRoots(SqlUnit<?> unit) {
        return unit.parts().stream().flatMap(part -> part.steps().stream()).anyMatch(SqlStep::writesRoots);
    }

    /** A group came through. */
    void succeeded(int size) {
        limit = Math.min(largest, limit + size);
    }

    /** A group failed because of one in it. */
    void failed() {
        limit = Math.max(1, limit / 2);
    }
}
