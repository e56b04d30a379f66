package io.qscope.store;

/** How a call was answered, in one word: few enough for the tags of a metric. */
public enum CallOutcome {
    /** With what was asked for, or having done it: a row or its absence, a page, a count, a unit of work that is committed. */
    OK(false),
    /** The code was consumed by this attempt. */
    CONSUMED(false),
    /** The token was rotated by this attempt. */
    ROTATED(false),
    /** The token was rotated once more, within its grace. */
    ROTATED_AGAIN(false),
    /** The device was approved or denied by this attempt. */
    DECIDED(false),
    /** Revoked: by this attempt when that is what was asked for, else it was refused for it. */
    REVOKED(false),
    /** A poll found the device approved. */
    APPROVED(false),
    /** A poll found the device not decided yet. */
    PENDING(false),
    /** A poll came too soon. */
    SLOW_DOWN(false),
    /** A poll found the device denied. */
    DENIED(false),
    /** There is no such code, token or row. */
    UNKNOWN(false),
    /** Refused: consumed before. */
    ALREADY_CONSUMED(false),
    /** Refused: rotated before. */
    ALREADY_ROTATED(false),
    /** Refused: approved or denied before. */
    ALREADY_DECIDED(false),
    /** Nothing to do: revoked before. */
    ALREADY_REVOKED(false),
    /** Refused: too late. */
    EXPIRED(false),
    /** Refused: the device's user has not agreed. */
    NOT_APPROVED(false),
    /** {@link DuplicateRowException}. */
    DUPLICATE_ROW(true),
    /** {@link RowNotFoundException}. */
    ROW_NOT_FOUND(true),
    /** {@link MissingReferenceException}. */
    MISSING_REFERENCE(true),
    /** {@link RevokedAuthorizationException}. */
    REVOKED_AUTHORIZATION(true),
    /** {@link StaleRowException}. */
    STALE_ROW(true),
    /** {@link InvalidRowException}. */
    INVALID_ROW(true),
    /** The audit log's refusal. */
    APPEND_ONLY(true),
    /** {@link StorageUnavailableException}, and the call was not applied. */
    UNAVAILABLE(true),
    /** {@link StorageUnavailableException}, and nobody knows whether the call was applied. */
    OUTCOME_UNKNOWN(true),
    /** {@link StorageCorruptedException}. */
    CORRUPTED(true),
    /** Another failure, which no engine should have. */
    UNFORESEEN(true);

    private final boolean failure;

    CallOutcome(boolean failure) {
        this.failure = failure;
    }

    /** Whether the call's future failed. A refusal is an answer, and no failure. */
    public boolean isFailure() {
        return failure;
    }
}
