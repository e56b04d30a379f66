package io.qscope.store;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.Row;

/**
 * What {@code consume} of an authorization code, a device code or an authorization request found, judged in the order of {@link
 * Kind}.
 *
 * @param <T> {@link AuthorizationCode}, {@link DeviceCode} or {@link AuthorizationRequest}
 */
public sealed interface ConsumeOutcome<T extends Row> extends Outcome {

    /** For exhaustive switches; in the order in which the cases are judged. */
    enum Kind {
        /** No such code or request. */
        UNKNOWN,
        /** Its family was revoked. */
        REVOKED,
        /** Consumed before, by another attempt: a replay, and a replay stays one after expiry. */
        ALREADY_CONSUMED,
        /** Too late. */
        EXPIRED,
        /** A device code that its user has not approved, or has denied. Never said of anything else. */
        NOT_APPROVED,
        /** Won. */
        CONSUMED
    }

    /** Which case this is. */
    Kind kind();

    @Override
    default boolean won() {
        return kind() == Kind.CONSUMED;
    }

    /** No such code or request. */
    record Unknown<T extends Row>() implements ConsumeOutcome<T> {
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
    record Revoked<T extends Row>(T row) implements ConsumeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.REVOKED;
        }
    }

    /**
     * Consumed before, by another attempt: a replay.
     *
     * @param row as stored
     */
    record AlreadyConsumed<T extends Row>(T row) implements ConsumeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.ALREADY_CONSUMED;
        }
    }

    /**
     * Too late.
     *
     * @param row as stored
     */
    record Expired<T extends Row>(T row) implements ConsumeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.EXPIRED;
        }
    }

    /**
     * Pending or denied; the row's state says which.
     *
     * @param row as stored
     */
    record NotApproved<T extends Row>(T row) implements ConsumeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.NOT_APPROVED;
        }
    }

    /**
     * Won: this attempt, and no other ever, consumed it.
     *
     * @param row as stored after it
     */
    record Consumed<T extends Row>(T row) implements ConsumeOutcome<T> {
        @Override
        public Kind kind() {
            return Kind.CONSUMED;
        }
    }
}
