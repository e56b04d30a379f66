package io.qscope.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * One turn of each side.
 *
 * @param oursFirst which one began
 * @param peer none when qscope is measured alone
 */
public record Round(boolean oursFirst, Run ours, @Nullable Run peer) {

    /** How many times the peer's operations a second ours are; not a number without a peer. */
    public double ratio() {
        return peer == null ? Double.NaN : ours.perSecond() / peer.perSecond();
    }
}
