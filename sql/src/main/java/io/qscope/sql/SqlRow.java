package io.qscope.sql;

import org.jspecify.annotations.Nullable;

/** A row of a result, read by position from 0, while the engine holds it. Null where the column is. */
public interface SqlRow {

    /** A text column. */
    @Nullable
    String text(int column);

    /** A whole number. */
    @Nullable
    Long number(int column);

    /** A boolean column; 0 and 1 where the database has none. */
    @Nullable
    Boolean flag(int column);

    /** A binary column. */
    byte @Nullable [] bytes(int column);

    /**
     * Makes something of a row.
     *
     * @param <T> what it makes
     */
    @FunctionalInterface
    interface Mapper<T> {

        /**
         * Reads the row.
         *
         * @throws IllegalArgumentException when the row holds what the model refuses: damage by hand
         */
        T map(SqlRow row);
    }
}
