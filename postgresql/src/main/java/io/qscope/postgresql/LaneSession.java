package io.qscope.postgresql;

import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.sql.ConstraintViolation;
import io.qscope.sql.SqlChainedSession;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlSession;
import io.qscope.sql.SqlStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets code that is written as if it could wait for answers run on a thread that must not. It runs until it asks what has not
 * been heard yet, and {@link NotHeardYet} ends it; once the answer has come it runs again from its beginning, is told what it
 * was told before, and comes one question further. For that it must be repeatable: what it does between two questions follows
 * from the answers alone. What it has {@linkplain #settled settled} it does not run again.
 *
 * <p>While it {@linkplain #collect collects}, writing statements are only noted, and taken for having touched a row.
 */
final class LaneSession implements SqlSession {

    /** The code asks for what only the server knows: a {@link SqlStep} or a {@link SqlQuery}. */
    static final class NotHeardYet extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Object question;

        NotHeardYet(Object question) {
            super("", null, false, false);
            this.question = question;
        }

        Object question() {
            return question;
        }
    }

    private final SqlChainedSession chain;
    private final List<Object> heard = new ArrayList<>();
    private int next;
    private @Nullable List<SqlStep> collected;

    LaneSession(@Nullable Supplier<KeyRing> keys) {
        this.chain = new SqlChainedSession(this, keys);
    }

    /** The lane's chain of the audit log. */
    SqlChainedSession chain() {
        return chain;
    }

    /** Begins anew: nothing has been heard. */
    void talk() {
        heard.clear();
        next = 0;
        collected = null;
    }

    /** Begins anew: statements are noted. */
    void collect() {
        talk();
        collected = new ArrayList<>();
    }

    /** What was heard so far is not asked again. */
    @Override
    public void settled() {
        heard.clear();
        next = 0;
    }

    /** The same code runs again from its beginning, or from what was settled last. */
    void rewind() {
        next = 0;
        if (collected != null) {
            collected.clear();
        }
    }

    /** The answer to the last question: a {@link SqlStep.Done}, the rows of a query, or a {@link ConstraintViolation}. */
    void hear(Object answer) {
        heard.add(answer);
    }

    /** The statements that were noted. */
    List<SqlStep> collected() {
        return collected == null ? List.of() : List.copyOf(collected);
    }

    @Override
    public SqlStep.Done run(SqlStep step) {
        if (collected != null) {
            collected.add(step);
            return new SqlStep.Done(1, List.of());
        }
        return (SqlStep.Done) answerTo(step);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> List<T> ask(SqlQuery<T> query) {
        return (List<T>) answerTo(query);
    }

    private Object answerTo(Object question) {
        if (next == heard.size()) {
            throw new NotHeardYet(question);
        }
        Object answer = heard.get(next);
        next++;
        if (answer instanceof ConstraintViolation violation) {
            throw violation;
        }
        return answer;
    }

    /** An entry has one place, however often the code runs. */
    @Override
    public AuditLog seal(AuditLog entry, RayId rayId) {
        if (next == heard.size()) {
            heard.add(chain.seal(entry, rayId));
        }
        AuditLog sealed = (AuditLog) heard.get(next);
        next++;
        return sealed;
    }
}
