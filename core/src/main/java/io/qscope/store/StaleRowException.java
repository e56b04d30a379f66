package io.qscope.store;

import io.qscope.model.RayId;

/** The row was written by somebody else since it was read. */
public final class StaleRowException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** For engines. */
    public StaleRowException(TableName table, String id, long version, RayId rayId) {
        super(
                table + " " + id + ": was changed by somebody else since version " + version
                        + " was read; read it again and decide anew",
                rayId);
    }
}
