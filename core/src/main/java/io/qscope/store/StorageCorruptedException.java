package io.qscope.store;

import io.qscope.model.RayId;

/**
 * What is stored is not what this library writes: no database of ours, another application's tables, a damaged file, a row that
 * its own checks refuse. Nothing was changed, and repeating does not help.
 */
public final class StorageCorruptedException extends StorageException {

    private static final long serialVersionUID = 1L;

    /**
     * For engines.
     *
     * @param problem which thing, what is wrong with it, what to do
     */
    public StorageCorruptedException(String problem, RayId rayId) {
        super(problem, rayId);
    }
}
