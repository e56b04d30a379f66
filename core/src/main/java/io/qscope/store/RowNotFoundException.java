package io.qscope.store;

import io.qscope.model.RayId;

/** The row to be updated does not exist. */
public final class RowNotFoundException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** For engines. */
    public RowNotFoundException(TableName table, String id, RayId rayId) {
        super(table + " " + id + ": no such row; it was deleted, or never inserted", rayId);
    }
}
