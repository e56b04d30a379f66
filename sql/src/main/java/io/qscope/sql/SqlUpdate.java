package io.qscope.sql;

import io.qscope.engine.RowIdentity;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.InvalidRowException;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An update. Its statement touches nothing unless the version is the one given and what may not change does not.
 *
 * @param stored reads what stands in the row's place
 */
record SqlUpdate<T extends Row>(TableName table, T row, SqlStep step, SqlQuery<T> stored) implements SqlWrite<Void> {

    @Override
    public String subject() {
        return row.id();
    }

    @Override
    public boolean isGuard() {
        return false;
    }

    @Override
    public boolean isOfOneRow() {
        return true;
    }

    @Override
    public List<SqlStep> steps() {
        return List.of(step);
    }

    @Override
    public @Nullable Void answer(List<SqlStep.Done> done) {
        return null;
    }

    @Override
    public List<SqlQuery<?>> questions() {
        return List.of(stored);
    }

    @Override
    public Explanation<Void> explain(List<List<?>> answers, RayId rayId) {
        if (answers.get(0).isEmpty()) {
            throw new RowNotFoundException(table, row.id(), rayId);
        }
        Row found = (Row) answers.get(0).get(0);
        if (found.version() != row.version()) {
            throw new StaleRowException(table, row.id(), row.version(), rayId);
        }
        if (!RowIdentity.kept(found, row)) {
            throw new InvalidRowException(
                    table,
                    row.id(),
                    "an update may not change digests, references, a consent's userId, a username, a signing key's algorithm and"
                            + " public part, created…, what transitions own, and of an ID token anything but its metadata",
                    rayId);
        }
        return Explanation.runAgain();
    }

    @Override
    public StorageException refused(ConstraintViolation violation, List<List<?>> answers, RayId rayId) {
        return SqlInsert.refusedKey(table, row.id(), violation, rayId);
    }

    @Override
    public List<SqlQuery<?>> repeatQuestions() {
        return List.of();
    }

    /** Nothing to compare: others may have updated the row since. */
    @Override
    public Explanation<Void> explainRepeat(List<List<?>> answers, RayId rayId) {
        return Explanation.of(null);
    }
}
