package io.qscope.store;

import io.qscope.model.RayId;

/** A row refers to a client or an authorization that does not exist. */
public final class MissingReferenceException extends StorageException {

    private static final long serialVersionUID = 1L;

    private final TableName table;
    private final String field;

    /** For engines. */
    public MissingReferenceException(TableName table, String id, String field, RayId rayId) {
        super(
                table + " " + id + ": the row that its " + field + " refers to does not exist; insert that one first",
                rayId);
        this.table = table;
        this.field = field;
    }

    /** The table of the row that was refused. */
    public TableName table() {
        return table;
    }

    /** The field that refers to nothing: {@code clientId}, {@code authorizationId}, or both names with {@code " or "} between where the engine cannot tell. */
    public String field() {
        return field;
    }
}
