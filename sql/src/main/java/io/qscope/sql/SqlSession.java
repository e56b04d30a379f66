package io.qscope.sql;

import java.util.List;

/** A transaction that a unit runs in, for engines whose driver blocks. */
public interface SqlSession {

    /**
     * Runs a statement.
     *
     * @throws ConstraintViolation when a constraint refused it; only this statement is undone
     */
    SqlStep.Done run(SqlStep step);

    /** Asks, and sees what this transaction wrote. */
    <T> List<T> ask(SqlQuery<T> query);
}
