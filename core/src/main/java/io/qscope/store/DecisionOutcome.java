package io.qscope.store;

import io.qscope.model.DeviceCode;

/** What {@code approve} or {@code deny} of a device code found, judged in the order of {@link Kind}. */
public sealed interface DecisionOutcome extends Outcome {

    /** For exhaustive switches; in the order in which the cases are judged. */
    enum Kind {
        /** No such user code. */
        UNKNOWN,
        /** Its family was revoked. */
        REVOKED,
        /** Approved, denied or consumed before, by another attempt; the row's state says which. */
        ALREADY_DECIDED,
        /** Too late. */
        EXPIRED,
        /** Won: the row's state is what was asked for. */
        DECIDED
    }

    /** Which case this is. */
    Kind kind();

    @Override
    default boolean won() {
        return kind() == Kind.DECIDED;
    }

    /** No such user code. */
    record Unknown() implements DecisionOutcome {
        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }
    }

    /**
     * Its family was revoked.
     *
     * @param row as stored
     */
    record Revoked(DeviceCode row) implements DecisionOutcome {
        @Override
        public Kind kind() {
            return Kind.REVOKED;
        }
    }

    /**
     * No longer pending.
     *
     * @param row as stored; its state says what was decided
     */
    record AlreadyDecided(DeviceCode row) implements DecisionOutcome {
        @Override
        public Kind kind() {
            return Kind.ALREADY_DECIDED;
        }
    }

    /**
     * Too late.
     *
     * @param row as stored
     */
    record Expired(DeviceCode row) implements DecisionOutcome {
        @Override
        public Kind kind() {
            return Kind.EXPIRED;
        }
    }

    /**
     * Won.
     *
     * @param row as stored after it
     */
    record Decided(DeviceCode row) implements DecisionOutcome {
        @Override
        public Kind kind() {
            return Kind.DECIDED;
        }
    }
}
