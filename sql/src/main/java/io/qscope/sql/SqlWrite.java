package io.qscope.sql;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.Outcome;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A writing call as data: statements that happen together or not at all, and how to answer.
 *
 * <p>An engine takes the write as {@link #sealed} gives it and runs its {@link #steps()}, as {@link SqlUnit#steps} has them, in
 * order. If each required one touched a row, {@link #answer} says what happened. If one
 * did not, or a foreign key refused it, the engine undoes the call's steps, asks {@link #questions()} in the same
 * transaction, and {@link #explain} says why. Where two writers overlap, a database may answer the questions later than it
 * judged the steps: the explanation then says {@link Explanation#runAgain()}, and the engine does so.
 *
 * @param <R> the answer
 */
public interface SqlWrite<R> {

    /** The table that is written, for errors. */
    TableName table();

    /** The row that is written, for errors: an id, or a digest's short form. */
    String subject();

    /** Whether, in a unit of work, losing undoes the whole. */
    boolean isGuard();

    /**
     * Whether it writes one row that is there, whatever other parts of its unit do. Where writers run side by side, such parts that
     * stand beside each other, and guards, run in the order of their rows, so that two units that cross do not wait for each other.
     */
    default boolean isOfOneRow() {
        return false;
    }

    /** The ids of rows that it relies on and does not write: a client that is there, a root that is there and live. */
    default List<String> references() {
        return List.of();
    }

    /**
     * This write as it is to be run: that of an audit entry has the entry's place in its chain, which only who runs it knows.
     * To be asked for once, in the transaction, before {@link #steps()}.
     *
     * @param seal gives an entry its place
     */
    default SqlWrite<R> sealed(UnaryOperator<AuditLog> seal) {
        return this;
    }

    /** What to run, in this order; made once, so that asking costs nothing. */
    List<SqlStep> steps();

    /** What happened, every required step having touched a row; null for nothing. */
    @Nullable
    R answer(List<SqlStep.Done> done);

    /** What {@link #explain} wants to know. */
    List<SqlQuery<?>> questions();

    /**
     * Why a required step touched no row.
     *
     * @param answers to {@link #questions()}, in their order
     * @return what was found; an {@link Outcome} that {@code won()} is a repeat by the same attempt
     * @throws StorageException when that is the answer
     */
    Explanation<R> explain(List<List<?>> answers, RayId rayId);

    /** The error that says what a constraint refused; {@code answers} as for {@link #explain}. */
    StorageException refused(ConstraintViolation violation, List<List<?>> answers, RayId rayId);

    /** What {@link #explainRepeat} wants to know. */
    List<SqlQuery<?>> repeatQuestions();

    /**
     * What a repeated unit of work answers for this part, which is no guard: a plain write whether what it would have written is
     * what its first try wrote, a transition what it finds now.
     *
     * @return the answer; {@link Explanation#runAgain()} when {@link #steps()} are to be run for it, and then undone
     * @throws StorageException when another row stands there, or none
     */
    Explanation<R> explainRepeat(List<List<?>> answers, RayId rayId);
}
