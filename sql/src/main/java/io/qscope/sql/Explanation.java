package io.qscope.sql;

import org.jspecify.annotations.Nullable;

/**
 * Why a call's statement touched nothing.
 *
 * @param again nothing speaks against the call any more: it is to be run again
 * @param answer what was found; null when the call is to be run again, or answers with nothing
 * @param <R> the answer's type
 */
public record Explanation<R>(boolean again, @Nullable R answer) {

    /** What was found. */
    public static <R> Explanation<R> of(@Nullable R answer) {
        return new Explanation<>(false, answer);
    }

    /** Between the statement and the questions the row changed so that the call may win: run it again. */
    public static <R> Explanation<R> runAgain() {
        return new Explanation<>(true, null);
    }
}
