package io.qscope.sql;

import io.qscope.model.RayId;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A write that says what it found: a conditional statement, and what to look at when its condition failed.
 *
 * @param outcome the answer when every required step touched a row
 * @param explanation the answer otherwise, from what {@code questions} found; also of a repeated unit
 */
record SqlTransition<R>(
        TableName table,
        String subject,
        boolean isGuard,
        List<SqlStep> steps,
        Function<List<SqlStep.Done>, @Nullable R> outcome,
        List<SqlQuery<?>> questions,
        Explaining<R> explanation)
        implements SqlWrite<R> {

    /** Says why. */
    interface Explaining<R> {
        Explanation<R> explain(List<List<?>> answers, RayId rayId);
    }

    /** A write that cannot lose, and of which a repeat does nothing. */
    static <R> SqlTransition<R> unconditional(
            TableName table,
            String subject,
            List<SqlStep> steps,
            Function<List<SqlStep.Done>, @Nullable R> outcome,
            @Nullable R nothingDone) {
        return new SqlTransition<>(
                table, subject, false, steps, outcome, List.of(), (answers, rayId) -> Explanation.of(nothingDone));
    }

    @Override
    public @Nullable R answer(List<SqlStep.Done> done) {
        return outcome.apply(done);
    }

    @Override
    public Explanation<R> explain(List<List<?>> answers, RayId rayId) {
        return explanation.explain(answers, rayId);
    }

    @Override
    public StorageException refused(ConstraintViolation violation, List<List<?>> answers, RayId rayId) {
        return SqlInsert.refusedKey(table, subject, violation, rayId);
    }

    @Override
    public List<SqlQuery<?>> repeatQuestions() {
        return questions;
    }

    @Override
    public Explanation<R> explainRepeat(List<List<?>> answers, RayId rayId) {
        return explanation.explain(answers, rayId);
    }
}
