package io.qscope.memory;

import io.qscope.model.Row;
import io.qscope.store.Attempt;
import java.util.EnumMap;
import java.util.Map;

/**
 * A row as it is held, with the ids of the attempts that won its transitions: hidden from readers, and what tells a repeated
 * call from a second one. Immutable.
 */
record Stored<T extends Row>(T row, Map<Won, String> attempts) {

    /** What an attempt can have won on a row. */
    enum Won {
        /** It redeemed the code. */
        CONSUMED,
        /** It approved or denied the device code. */
        DECIDED,
        /** It was the first to rotate the token. */
        ROTATED,
        /** It made this successor. */
        MADE,
        /** It revoked the row. */
        REVOKED,
        /** It polled last. */
        POLLED,
        /** It polled too soon. */
        SLOWED
    }

    static <T extends Row> Stored<T> unattempted(T row) {
        return new Stored<>(row, Map.of());
    }

    boolean wonBy(Won won, Attempt attempt) {
        return attempt.id().equals(attempts.get(won));
    }

    /** The row rewritten; who won what stays. */
    Stored<T> rewritten(T newRow) {
        return new Stored<>(newRow, attempts);
    }

    /** The row rewritten by the attempt that won this. */
    Stored<T> rewritten(T newRow, Won won, Attempt attempt) {
        Map<Won, String> more = new EnumMap<>(Won.class);
        more.putAll(attempts);
        more.put(won, attempt.id());
        return new Stored<>(newRow, more);
    }
}
