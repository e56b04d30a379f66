package io.qscope.memory;

import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.store.InvalidRowException;
import java.nio.charset.StandardCharsets;

/** Checks what no record has checked before it came here. */
final class Arguments {

    private static final int MOST_PURGED = 100_000;

    private Arguments() {}

    /** A user id is what a row would take: not blank, short enough, and text that has a UTF-8 form. */
    static void userId(String userId, RayId rayId) {
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

    static void keep(int keep, RayId rayId) {
        if (keep < 0) {
            throw new InvalidRowException("keep must be at least 0", rayId);
        }
    }

    static void purgeLimit(int limit, RayId rayId) {
        if (limit < 1 || limit > MOST_PURGED) {
            throw new InvalidRowException("the limit of a purge must lie between 1 and " + MOST_PURGED, rayId);
        }
    }
}
