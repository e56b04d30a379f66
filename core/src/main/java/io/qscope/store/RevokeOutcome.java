package io.qscope.store;

import io.qscope.model.Row;

/**
 * What revoking one row found. Revoked is revoked: a second time changes nothing, and the first {@code revokedAt} stays.
 *
 * @param <T> the row's type
 */
public sealed interface RevokeOutcome<T extends Row> extends Outcome {

    /** For exhaustive switches. */
    enum Kind {
        /** No such row. */
        UNKNOWN,
        /** Revoked before, by another attempt. */
        ALREADY_REVOKED,
        /** Won. */
        REVOKED
    }

    /** Which case this is. */
    Kind kind();

    /** Whether this attempt revoked it. A revocation is no guard: whichever way, a unit of work goes on. */
    @Override
    default boolean won() {
        return kind() == Kind.REVOKED;
    }

    /** No such row. */
    record Unknown<T extends Row>() implements RevokeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }
    }

    /**
     * Revoked before, by another attempt.
     *
     * @param row as stored
     */
    record AlreadyRevoked<T extends Row>(T row) implements RevokeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.ALREADY_REVOKED;
        }
    }

    /**
     * Won.
     *
     * @param row as stored after it
     */
    record Revoked<T extends Row>(T row) implements RevokeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.REVOKED;
        }
    }
}
