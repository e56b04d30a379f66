package io.qscope.store;

import io.qscope.model.RayId;

/** A row with the same unique key exists already. After a lost answer, {@code getById} tells whether it is your own. */
public final class DuplicateRowException extends StorageException {

    private static final long serialVersionUID = 1L;

    private final TableName table;
    private final String key;

    /** For engines. */
    public DuplicateRowException(TableName table, String id, String key, RayId rayId) {
        super(table + " " + id + ": another row has the same " + key + "; use a fresh one, or change that row", rayId);
        this.table = table;
        this.key = key;
    }

    /** The table. */
    public TableName table() {
        return table;
    }

    /**
     * The unique field that is taken, by the name it has in the row ({@code id}, {@code token}, …); for fields that are unique
     * together, their names with {@code " and "} between ({@value ConsentTable#LIVE_KEY}).
     */
    public String key() {
        return key;
    }
}
