package io.qscope.store;

import java.util.List;

/** What {@link UnitOfWork#commit} says happened: everything, or nothing. */
public sealed interface UnitOutcome {

    /** Whether everything was written. */
    boolean committed();

    /**
     * Everything is written and durable, by this commit or by an earlier one of the same attempt.
     *
     * @param outcomes what the unit's transitions answered, in the order in which they were added
     */
    record Committed(List<Outcome> outcomes) implements UnitOutcome {

        /** Copies the outcomes. */
        public Committed {
            outcomes = List.copyOf(outcomes);
        }

        @Override
        public boolean committed() {
            return true;
        }
    }

    /**
     * A guard did not win: nothing is written.
     *
     * @param part which part of the unit, counted from 0 in the order added
     * @param outcome what the guard found
     */
    record Refused(int part, Outcome outcome) implements UnitOutcome {
        @Override
        public boolean committed() {
            return false;
        }
    }
}
