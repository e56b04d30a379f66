package io.qscope.store;

import java.time.Duration;
import java.util.Objects;

/**
 * How far a rotated refresh token may be rotated again, so that a lost response or two parallel refreshes of an honest
 * client need not log the user out. A use within the grace yields a sibling of the first successor.
 *
 * @param window how long after the first rotation, from zero to one day; the moment itself counts as within
 * @param maxUses how often, from 0 to 100
 */
public record Grace(Duration window, int maxUses) {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_USES = 100;

    // Below its bounds, which the constructor reads.
    /** No grace: the second use of a refresh token is a replay (RFC 9700 §4.14.2). */
    public static final Grace NONE = new Grace(Duration.ZERO, 0);

    /** @throws IllegalArgumentException naming the bound that was left */
    public Grace {
        Objects.requireNonNull(window, "grace window");
        if (window.isNegative() || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("grace window must lie between zero and " + LONGEST);
        }
        if (maxUses < 0 || maxUses > MOST_USES) {
            throw new IllegalArgumentException("grace uses must lie between 0 and " + MOST_USES);
        }
    }
}
