package io.qscope.sql;

import java.util.List;

/**
 * What an engine throws from a step that a constraint refused, instead of its driver's exception. Only that step is undone.
 */
public final class ConstraintViolation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of constraint. */
    public enum Kind {
        /** A unique or primary key. */
        UNIQUE,
        /** A foreign key. */
        FOREIGN_KEY,
        /** A check, a NOT NULL or a type. */
        CHECK
    }

    private final Kind kind;
    private final transient List<String> columns;

    /**
     * A violation.
     *
     * @param columns the columns concerned, without their table; empty where the engine cannot tell
     */
    public ConstraintViolation(Kind kind, List<String> columns) {
        super(kind + " " + columns, null, false, false);
        this.kind = kind;
        this.columns = List.copyOf(columns);
    }

    /** What kind of constraint. */
    public Kind kind() {
        return kind;
    }

    /** The columns concerned; empty where the engine cannot tell. */
    public List<String> columns() {
        return columns;
    }
}
