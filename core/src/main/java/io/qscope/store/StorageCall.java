package io.qscope.store;

import io.qscope.model.RayId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StorageListener} is told of a call: how it went, and nothing of what was in it.
 *
 * @param operation the contract's name of the method: {@code insert}, {@code getByToken}, {@code consume}, {@code commit}
 * @param table whose method it is; none for a unit of work's and the storage's own
 * @param rayId the request that it was made for
 * @param outcome how it was answered
 * @param waiting from the call until an engine took it up, to work on it; at least 0. A call that is tried again is taken up
 *     again, and the last time counts. All of the time when it was never taken up
 * @param running from there until its answer was known; at least 0. Of {@link Storage#purge}, {@link Storage#health} and {@link
 *     Storage#migrate}, which are more than one call to an engine, the whole time
 * @param groupSize how many calls shared the commit, the transaction or the connection with it, itself included; at least 1
 * @param endedNanos when its answer was known, by {@link System#nanoTime}, since a listener is told later
 */
public record StorageCall(
        String operation,
        @Nullable TableName table,
        RayId rayId,
        CallOutcome outcome,
        Duration waiting,
        Duration running,
        int groupSize,
        long endedNanos) {}
