package io.qscope.canary;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Must not compile. The lint profile compiles it with the checkers' own arguments and fails if they let it pass: a
 * nullness check that has quietly come loose looks just like code without faults.
 */
@NullMarked
final class NullnessCanary {
    private NullnessCanary() {}

    static int lengthOf(@Nullable String maybe) {
        return maybe.length();
    }
}
