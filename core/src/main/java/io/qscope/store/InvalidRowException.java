package io.qscope.store;

import io.qscope.model.RayId;

/**
 * What only the store can see to be wrong: an update of a field that may not change, a successor of another family, a repeat
 * with other rows, a unit that writes a row twice, an argument out of its bounds.
 */
public final class InvalidRowException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** For engines. */
    public InvalidRowException(TableName table, String id, String problem, RayId rayId) {
        super(table + " " + id + ": " + problem, rayId);
    }

    /** For engines: when it is the call that is wrong, and no one row. The problem says what is wrong and what is expected. */
    public InvalidRowException(String problem, RayId rayId) {
        super(problem, rayId);
    }
}
