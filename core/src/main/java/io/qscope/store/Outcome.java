package io.qscope.store;

/** What a transition says happened. A refusal is an answer, not an error: it comes in the future's value. */
public sealed interface Outcome
        permits ConsumeOutcome, DecisionOutcome, PollOutcome, RevokeCount, RevokeOutcome, RotateOutcome, ThrottleCount {

    /**
     * Whether the transition was made by this attempt. In a unit of work, a {@code consume}, {@code rotate}, {@code
     * approve} or {@code deny} that did not win undoes the unit.
     */
    boolean won();
}
