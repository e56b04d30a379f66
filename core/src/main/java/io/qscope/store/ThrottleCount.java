package io.qscope.store;

import java.time.Instant;

/**
 * What {@link ThrottleTable#count} counted.
 *
 * @param count how many are counted in the window, this one included; at {@link Integer#MAX_VALUE} it stays
 * @param endsAt the first moment after the window
 */
public record ThrottleCount(int count, Instant endsAt) implements Outcome {

    /** Always: a count cannot lose, and is no guard of a unit of work. Whether it is too high is for its caller to say. */
    @Override
    public boolean won() {
        return true;
    }
}
