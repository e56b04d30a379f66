package io.qscope.store;

import io.qscope.model.RayId;

/**
 * The storage cannot serve the call now: closed, out of reach, out of room, too busy, or of a newer release than this one. The
 * message says what to do about it; after that, the call may be repeated.
 */
public final class StorageUnavailableException extends StorageException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    /**
     * For engines.
     *
     * @param problem which thing, what happened, what to do
     */
    public StorageUnavailableException(String problem, boolean outcomeUnknown, RayId rayId) {
        super(
                problem
                        + (outcomeUnknown
                                ? "; whether the call was applied is unknown, repeat it with the same attempt"
                                : ""),
                rayId);
        this.outcomeUnknown = outcomeUnknown;
    }

    /**
     * Whether the call may have been applied, wholly and never half. False: it was not applied. A transition is repeated with
     * the same {@link Attempt}; an insert is compared by {@code getById}.
     */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
