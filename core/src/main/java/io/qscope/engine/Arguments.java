package io.qscope.engine;

import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.store.InvalidRowException;
import io.qscope.store.TableName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Checks the arguments that no record has checked before they reach an engine. */
public final class Arguments {

    private static final int MOST_PURGED = 100_000;
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);

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
     * A throttle's window is whole seconds, and no longer than its counters should be kept.
     *
     * @throws InvalidRowException when it is another
     */
    public static void throttleWindow(Duration window, RayId rayId) {
        if (window.getNano() != 0 || window.getSeconds() < 1 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new InvalidRowException(
                    "a throttle's window must be whole seconds, from 1 to " + LONGEST_WINDOW.toSeconds(), rayId);
        }
    }

    /**
     * A row is deleted by its id only where rows have ids: counters have none.
     *
     * @throws InvalidRowException when they have none
     */
    public static void hasIds(TableName table, RayId rayId) {
        if (table == TableName.THROTTLES) {
            throw new InvalidRowException(table + " has keys and no ids; a purge deletes what is over", rayId);
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
