package io.qscope.sql;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
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
}
