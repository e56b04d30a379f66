package io.qscope.postgresql;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * In which order units may have their rows: one writes a row at a time, those who rely on it may do so together, and none comes before one
 * that came earlier. Whoever waits for a row is not looked at again before it is free. For the event loop.
 */
final class RowOrder {

    /** Who wants rows: all of them, asked for at once, so that nobody waits for who waits for him. */
    static final class Claim {

        private final Set<Object> written;
        private final Set<Object> reliedOn;
        private final Runnable ready;
        private int missing;

        /**
         * A claim.
         *
         * @param written names of rows
         * @param reliedOn names of others
         * @param ready called once it has all of them
         */
        Claim(Set<Object> written, Set<Object> reliedOn, Runnable ready) {
            this.written = written;
            this.reliedOn = reliedOn;
            this.ready = ready;
        }

        boolean isReady() {
            return missing == 0;
        }

        private void gotOne() {
            missing--;
            if (isReady()) {
                ready.run();
            }
        }
    }

    /** A row that somebody has. */
    private static final class Row {

        private int relying;
        private boolean written;

        /** Who waits, in the order in which they came, and whether to write: any of them can leave at no greater cost than the first. */
        private final LinkedHashMap<Claim, Boolean> waiting = new LinkedHashMap<>();

        boolean give(boolean writes) {
            if (written || (writes && relying > 0)) {
                return false;
            }
            written = writes;
            relying += writes ? 0 : 1;
            return true;
        }

        /** Gives it to those who wait, as far as they may have it together. */
        void giveOn() {
            while (!waiting.isEmpty()) {
                Map.Entry<Claim, Boolean> first = waiting.entrySet().iterator().next();
                if (!give(first.getValue())) {
                    return;
                }
                waiting.remove(first.getKey());
                first.getKey().gotOne();
            }
        }

        boolean isFree() {
            return !written && relying == 0 && waiting.isEmpty();
        }
    }

    private final Map<Object, Row> rows = new HashMap<>();

    /** Asks for a claim's rows. */
    void ask(Claim claim) {
        claim.written.forEach(row -> ask(claim, row, true));
        claim.reliedOn.forEach(row -> ask(claim, row, false));
        if (claim.isReady()) {
            claim.ready.run();
        }
    }

    private void ask(Claim claim, Object name, boolean writes) {
        Row row = rows.computeIfAbsent(name, unused -> new Row());
        if (!row.waiting.isEmpty() || !row.give(writes)) {
            row.waiting.put(claim, writes);
            claim.missing++;
        }
    }

    /** Gives a claim's rows back, which may let others be ready; it may have got all of them, or wait still. */
    void release(Claim claim) {
        claim.written.forEach(row -> release(claim, row, true));
        claim.reliedOn.forEach(row -> release(claim, row, false));
    }

    private void release(Claim claim, Object name, boolean writes) {
        Row row = rows.get(name);
        if (row == null) {
            throw new IllegalStateException("nobody has that row");
        }
        // Who waits has not got it: the wish goes, and whoever came after may be next.
        boolean waited = !claim.isReady() && row.waiting.remove(claim) != null;
        if (!waited && writes) {
            row.written = false;
        } else if (!waited) {
            row.relying--;
        }
        row.giveOn();
        if (row.isFree()) {
            rows.remove(name);
        }
    }
}
