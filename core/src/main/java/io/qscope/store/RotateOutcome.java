package io.qscope.store;

import io.qscope.model.RefreshToken;

/** What {@link RefreshTokenTable#rotate} found, judged in the order of {@link Kind}. */
public sealed interface RotateOutcome extends Outcome {

    /** For exhaustive switches; in the order in which the cases are judged. */
    enum Kind {
        /** No such token. */
        UNKNOWN,
        /** It or its family was revoked. */
        REVOKED,
        /** Rotated before and beyond its grace: a replay, also after expiry. */
        ALREADY_ROTATED,
        /** Too late, also within a grace. */
        EXPIRED,
        /** Won: the first rotation. */
        ROTATED,
        /** Won: a further rotation within the grace. */
        ROTATED_AGAIN
    }

    /** Which case this is. */
    Kind kind();

    @Override
    default boolean won() {
        return kind() == Kind.ROTATED || kind() == Kind.ROTATED_AGAIN;
    }

    /** No such token. */
    record Unknown() implements RotateOutcome {
        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }
    }

    /**
     * It or its family was revoked.
     *
     * @param row as stored
     */
    record Revoked(RefreshToken row) implements RotateOutcome {
        @Override
        public Kind kind() {
            return Kind.REVOKED;
        }
    }

    /**
     * Rotated before, and its grace is over or was never given: a replay (RFC 9700 §4.14.2).
     *
     * @param previous the presented token as stored
     */
    record AlreadyRotated(RefreshToken previous) implements RotateOutcome {
        @Override
        public Kind kind() {
            return Kind.ALREADY_ROTATED;
        }
    }

    /**
     * Too late.
     *
     * @param row as stored
     */
    record Expired(RefreshToken row) implements RotateOutcome {
        @Override
        public Kind kind() {
            return Kind.EXPIRED;
        }
    }

    /**
     * Won: the presented token is rotated and its successor stored, in one step.
     *
     * @param previous as stored after it
     * @param successor as stored
     */
    record Rotated(RefreshToken previous, RefreshToken successor) implements RotateOutcome {
        @Override
        public Kind kind() {
            return Kind.ROTATED;
        }
    }

    /**
     * Won within the grace: one more successor, a sibling of the first.
     *
     * @param previous as stored after it
     * @param successor as stored
     */
    record RotatedAgain(RefreshToken previous, RefreshToken successor) implements RotateOutcome {
        @Override
        public Kind kind() {
            return Kind.ROTATED_AGAIN;
        }
    }
}
