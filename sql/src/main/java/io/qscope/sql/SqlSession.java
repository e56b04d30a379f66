package io.qscope.sql;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import java.util.List;

/**
 * A transaction that a unit runs in, for engines whose driver blocks.
 *
 * <p>The statements count on two things that SQLite does by itself. Texts are ordered by their bytes in UTF-8: PostgreSQL has to
 * be told, by {@code COLLATE "C"} on the columns that listings and chains are ordered by. And {@link #run} undoes a refused
 * statement alone: in PostgreSQL a failed statement spoils its transaction, so each needs a savepoint around it.
 */
public interface SqlSession {

    /**
     * Runs a statement.
     *
     * @throws ConstraintViolation when a constraint refused it; only this statement is undone
     */
    SqlStep.Done run(SqlStep step);

    /** Asks, and sees what this transaction wrote. */
    <T> List<T> ask(SqlQuery<T> query);

    /**
     * Gives an entry of the audit log its place in a chain, before it is written: see {@link SqlChainedSession}. A session
     * without keys leaves it as it is.
     *
     * @param rayId the call that writes it
     * @throws io.qscope.store.StorageUnavailableException when there is no key
     */
    default AuditLog seal(AuditLog entry, RayId rayId) {
        return entry;
    }

    /** A part of the unit is through: what was asked and run so far is not asked and run again. */
    default void settled() {}
}
