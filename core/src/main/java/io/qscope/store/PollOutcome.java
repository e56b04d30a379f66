package io.qscope.store;

import io.qscope.model.DeviceCode;
import java.time.Duration;

/** What a device that polls is told (RFC 8628 §3.5), judged in the order of {@link Kind}. */
public sealed interface PollOutcome extends Outcome {

    /** For exhaustive switches; in the order in which the cases are judged. */
    enum Kind {
        /** No such device code. */
        UNKNOWN,
        /** Its family was revoked. */
        REVOKED,
        /** Too late. */
        EXPIRED,
        /** Its user refused. */
        DENIED,
        /** Redeemed before. */
        ALREADY_CONSUMED,
        /** Its user agreed; the poll has not consumed it. */
        APPROVED,
        /** Asked too soon: the interval is five seconds longer from now on. */
        SLOW_DOWN,
        /** Not decided yet. */
        PENDING
    }

    /** Which case this is. */
    Kind kind();

    /** Whether the poll was counted: the device is to go on polling. A poll is no guard of a unit of work. */
    @Override
    default boolean won() {
        return kind() == Kind.PENDING || kind() == Kind.SLOW_DOWN;
    }

    /** No such device code. */
    record Unknown() implements PollOutcome {
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
    record Revoked(DeviceCode row) implements PollOutcome {
        @Override
        public Kind kind() {
            return Kind.REVOKED;
        }
    }

    /**
     * Too late.
     *
     * @param row as stored
     */
    record Expired(DeviceCode row) implements PollOutcome {
        @Override
        public Kind kind() {
            return Kind.EXPIRED;
        }
    }

    /**
     * Its user refused.
     *
     * @param row as stored
     */
    record Denied(DeviceCode row) implements PollOutcome {
        @Override
        public Kind kind() {
            return Kind.DENIED;
        }
    }

    /**
     * Redeemed before.
     *
     * @param row as stored
     */
    record AlreadyConsumed(DeviceCode row) implements PollOutcome {
        @Override
        public Kind kind() {
            return Kind.ALREADY_CONSUMED;
        }
    }

    /**
     * Its user agreed; {@link DeviceCodeTable#consume} is next.
     *
     * @param row as stored
     */
    record Approved(DeviceCode row) implements PollOutcome {
        @Override
        public Kind kind() {
            return Kind.APPROVED;
        }
    }

    /**
     * Asked too soon.
     *
     * @param newInterval what the device must wait from now on, kept in the row
     */
    record SlowDown(Duration newInterval) implements PollOutcome {
        @Override
        public Kind kind() {
            return Kind.SLOW_DOWN;
        }
    }

    /** Not decided yet. */
    record Pending() implements PollOutcome {
        @Override
        public Kind kind() {
            return Kind.PENDING;
        }
    }
}
