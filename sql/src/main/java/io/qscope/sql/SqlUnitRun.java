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
    private final SqlUnit<?> unit;
    private final List<SqlWrite<?>> parts;
    private final RayId rayId;
    private final @Nullable Object[] answers;

    /** How far each of the passes over the parts has come. */
    private int nextGuard;

    private int nextOther;
    private int nextAfterLost;
    private int lost = -1;
    private int freshGuards;
    private int repeatedGuards;

    private SqlUnitRun(SqlSession session, SqlUnit<?> unit) {
        this.session = session;
        this.unit = unit;
        this.parts = unit.parts();
        this.rayId = unit.rayId();
        this.answers = new Object[parts.size()];
    }

    /** A run that has not begun. */
    public static SqlUnitRun of(SqlSession session, SqlUnit<?> unit) {
        return new SqlUnitRun(session, unit);
    }

    /**
     * Runs the unit.
     *
     * @throws StorageException when a part fails, naming the part in a unit of work; the caller undoes what ran
     */
    public static End run(SqlSession session, SqlUnit<?> unit) {
        return of(session, unit).run();
    }

    /**
     * Runs the unit, or goes on with it where the session ended it with an exception of its own: with the part that was under way,
     * from that part's beginning.
     *
     * @throws StorageException as {@link #run(SqlSession, SqlUnit)}
     */
    public End run() {
        while (lost < 0 && nextGuard < parts.size()) {
            SqlWrite<?> part = parts.get(nextGuard);
            if (part.isGuard() && !guard(nextGuard, part)) {
                lost = nextGuard;
                nextAfterLost = lost + 1;
            }
            nextGuard++;
            session.settled();
        }
        if (lost >= 0) {
            if (repeatedGuards > 0 || aLaterGuardIsRepeated()) {
                throw mixed();
            }
            return new End(false, lost, Arrays.asList(answers));
        }
        if (repeatedGuards > 0 && freshGuards > 0) {
            throw mixed();
        }
        boolean repeats = repeatedGuards > 0;
        while (nextOther < parts.size()) {
            SqlWrite<?> part = parts.get(nextOther);
            if (!part.isGuard()) {
                answers[nextOther] = repeats
                        ? inPart(nextOther, part, this::explainRepeat)
                        : inPart(nextOther, part, this::runOrExplain).answer();
            }
            nextOther++;
            session.settled();
        }
        // What a repeat would write is only looked at; the caller undoes what that ran.
        return new End(!repeats, -1, Arrays.asList(answers));
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

    private boolean aLaterGuardIsRepeated() {
        while (nextAfterLost < parts.size()) {
            SqlWrite<?> part = parts.get(nextAfterLost);
            if (part.isGuard() && isRepeated(part)) {
                return true;
            }
            nextAfterLost++;
            session.settled();
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
        List<SqlStep> steps = unit.steps(part);
        List<SqlStep.Done> done = new ArrayList<>(steps.size());
        for (SqlStep step : steps) {
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
            throw unit.isUnitOfWork() ? e.inPart(i) : e;
        }
    }
}
