package io.qscope.store;

import io.qscope.model.RayId;
import org.jspecify.annotations.Nullable;

/**
 * The closed family of what can go wrong. Each says which thing, what happened and what to do, with the ray id, and never
 * holds a secret, a whole digest or a driver's exception.
 */
public abstract sealed class StorageException extends RuntimeException
        permits DuplicateRowException,
                InvalidRowException,
                MissingReferenceException,
                RevokedAuthorizationException,
                RowNotFoundException,
                StaleRowException,
                StorageCorruptedException,
                StorageUnavailableException {

    private static final long serialVersionUID = 1L;

    private final String ray;
    private @Nullable Integer part;

    StorageException(String message, RayId rayId) {
        super(message);
        this.ray = rayId.value();
    }

    /** The ray id of the call that failed. */
    public final RayId rayId() {
        return new RayId(ray);
    }

    /** Which part of a unit of work failed, counted from 0 in the order added; none outside a unit. */
    public final @Nullable Integer part() {
        return part;
    }

    /** Names the part of a unit of work that failed: for engines. Returns this exception. */
    public final StorageException inPart(int failedPart) {
        this.part = failedPart;
        return this;
    }

    @Override
    public String getMessage() {
        return (part == null ? "" : "part " + part + " of the unit of work: ") + super.getMessage() + " (ray " + ray
                + ")";
    }
}
