package io.qscope.store;

import io.qscope.model.RayId;

/** What is stored cannot be read: not a database of ours, damaged, or a row that its own checks refuse. Nothing was changed. */
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
