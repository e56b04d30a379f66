package io.qscope.engine;

import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.store.InvalidRowException;
import java.nio.charset.StandardCharsets;

/** Checks the arguments that no record has checked before they reach an engine. */
public final class Arguments {

    private static final int MOST_PURGED = 100_000;

    private Arguments() {}

    /**
     * A user id is what a row would take: not blank, short enough, and text that has a UTF-8 form.
     *
     * @throws InvalidRowException when it is not
     */
    public static void userId(String userId, RayId rayId) {
        if (userId.isBlank()
                || userId.length() > Limits.NAME
                || userId.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(userId)) {
            throw new InvalidRowException(
                    "userId must not be blank and must have at most " + Limits.NAME
                            + " characters, no control character and no unpaired surrogate",
                    rayId);
        }
    }

    /**
     * How many tokens a FIFO limit keeps is not negative.
     *
     * @throws InvalidRowException when it is
     */
    public static void keep(int keep, RayId rayId) {
        if (keep < 0) {
            throw new InvalidRowException("keep must be at least 0", rayId);
        }
    }

    /**
     * A purge has a limit, and not so high a one that it holds up others.
     *
     * @throws InvalidRowException when it lies elsewhere
     */
    public static void purgeLimit(int limit, RayId rayId) {
        if (limit < 1 || limit > MOST_PURGED) {
            throw new InvalidRowException("the limit of a purge must lie between 1 and " + MOST_PURGED, rayId);
        }
    }
}
