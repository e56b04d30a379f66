package io.qscope.memory;

import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Outcome;
import io.qscope.store.TableName;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One part of a unit of work.
 *
 * @param isGuard whether the unit stands or falls with it
 * @param wonBefore whether the unit's attempt has won it already: false for all but guards
 * @param first does it
 * @param repeat answers for it when the unit was committed before
 */
record Part(boolean isGuard, BooleanSupplier wonBefore, Step first, Step repeat) {

    /** Does a part, and returns its outcome: none for a plain write. */
    interface Step {
        @Nullable
        Outcome take(RayId rayId);
    }

    /** A row, named by its id or by a digest; equal if it is visibly the same row. */
    record Named(TableName table, String field, Object value) {

        static Named byId(TableName table, String id) {
            return new Named(table, "id", id);
        }

        static Named byDigest(TableName table, String field, TokenDigest digest) {
            return new Named(table, field, ByteBuffer.wrap(digest.bytes()));
        }
    }

    static Part guard(BooleanSupplier wonBefore, Step step) {
        return new Part(true, wonBefore, step, step);
    }

    /** A transition that is no guard: a repeat asks it again, and the unit takes back what it then writes. */
    static Part transition(Step step) {
        return new Part(false, () -> false, step, step);
    }

    static Part other(Step first, Step repeat) {
        return new Part(false, () -> false, first, repeat);
    }
}
