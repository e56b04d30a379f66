package io.qscope.sql;

import io.qscope.model.RayId;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Outcome;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a unit runs in a transaction of an engine whose driver blocks: guards first, then the other parts, each group in the
 * order given; the first that fails ends it. The caller undoes what ran unless the end is to be kept.
 */
public final class SqlUnitRun {

    private static final int MOST_TRIES = 10;

    /**
     * How a unit ended.
     *
     * @param keep whether what ran is to stay: false for a refusal, and for a repeat, which had nothing to write
     * @param refusedPart the guard that did not win; -1 when none refused
     * @param answers each part's answer, in the order given; null for parts that did not run
     */
    public record End(boolean keep, int refusedPart, List<@Nullable Object> answers) {}

    private final SqlSession session;
    private final List<SqlWrite<?>> parts;
    private final boolean namesParts;
    private final RayId rayId;
    private final @Nullable Object[] answers;
    private int freshGuards;
    private int repeatedGuards;

    private SqlUnitRun(SqlSession session, SqlUnit<?> unit) {
        this.session = session;
        this.parts = unit.parts();
        this.namesParts = unit.isUnitOfWork();
        this.rayId = unit.rayId();
        this.answers = new Object[parts.size()];
    }

    /**
     * Runs the unit.
     *
     * @throws StorageException when a part fails, naming the part in a unit of work; the caller undoes what ran
     */
    public static End run(SqlSession session, SqlUnit<?> unit) {
        return new SqlUnitRun(session, unit).run();
    }

    private End run() {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isGuard() && !guard(i, parts.get(i))) {
                if (repeatedGuards > 0 || aLaterGuardIsRepeated(i)) {
                    throw mixed();
                }
                return new End(false, i, Arrays.asList(answers));
            }
        }
        if (repeatedGuards > 0) {
            if (freshGuards > 0) {
                throw mixed();
            }
            return repeat();
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).isGuard()) {
                answers[i] = inPart(i, parts.get(i), this::runOrExplain).answer();
            }
        }
        return new End(true, -1, Arrays.asList(answers));
    }

    /** Runs a guard; false when it did not win. */
    private boolean guard(int i, SqlWrite<?> part) {
        Run run = inPart(i, part, this::runOrExplain);
        answers[i] = run.answer();
        if (!(run.answer() instanceof Outcome outcome) || !outcome.won()) {
            return false;
        }
        if (run.fresh()) {
            freshGuards++;
        } else {
            repeatedGuards++;
        }
        return true;
    }

    private boolean aLaterGuardIsRepeated(int lost) {
        for (SqlWrite<?> part : parts.subList(lost + 1, parts.size())) {
            if (part.isGuard() && isRepeated(part)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRepeated(SqlWrite<?> guard) {
        try {
            Object found = guard.explain(ask(guard.questions()), rayId).answer();
            return found instanceof Outcome outcome && outcome.won();
        } catch (InvalidRowException neverJudged) {
            // What else is wrong with it does not matter any more: a guard before it has lost.
            return false;
        }
    }

    private InvalidRowException mixed() {
        return new InvalidRowException(
                "this attempt has won some guards of the unit before, and others not; a repeat has the same parts",
                rayId);
    }

    /** Looks whether what was written is what this unit would write. The caller undoes what this runs. */
    private End repeat() {
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).isGuard()) {
                answers[i] = inPart(i, parts.get(i), this::explainRepeat);
            }
        }
        return new End(false, -1, Arrays.asList(answers));
    }

    private @Nullable Object explainRepeat(SqlWrite<?> part) {
        Explanation<?> explanation = part.explainRepeat(ask(part.repeatQuestions()), rayId);
        return explanation.again() ? runOrExplain(part).answer() : explanation.answer();
    }

    private record Run(@Nullable Object answer, boolean fresh) {}

    private Run runOrExplain(SqlWrite<?> given) {
        SqlWrite<?> part = given.sealed(entry -> session.seal(entry, rayId));
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                List<SqlStep.Done> done = steps(part);
                if (done != null) {
                    return new Run(part.answer(done), true);
                }
            } catch (ConstraintViolation violation) {
                throw part.refused(violation, ask(part.questions()), rayId);
            }
            Explanation<?> explanation = part.explain(ask(part.questions()), rayId);
            if (!explanation.again()) {
                return new Run(explanation.answer(), false);
            }
        }
        throw new StorageUnavailableException(
                part.table() + " " + part.subject() + ": kept changing while it was written; try again", false, rayId);
    }

    /** What the steps did; null when a required one touched nothing, which only the first may find. */
    private @Nullable List<SqlStep.Done> steps(SqlWrite<?> part) {
        List<SqlStep.Done> done = new ArrayList<>(part.steps().size());
        for (SqlStep step : part.steps()) {
            SqlStep.Done did = session.run(step);
            if (step.required() && did.rows() == 0) {
                return null;
            }
            done.add(did);
        }
        return done;
    }

    private List<List<?>> ask(List<SqlQuery<?>> questions) {
        List<List<?>> found = new ArrayList<>(questions.size());
        for (SqlQuery<?> question : questions) {
            found.add(session.ask(question));
        }
        return found;
    }

    private interface Work<A extends @Nullable Object> {
        A on(SqlWrite<?> part);
    }

    private <A extends @Nullable Object> A inPart(int i, SqlWrite<?> part, Work<A> work) {
        try {
            return work.on(part);
        } catch (StorageException e) {
            throw namesParts ? e.inPart(i) : e;
        }
    }
}
