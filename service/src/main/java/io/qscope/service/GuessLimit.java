package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.key.Key;
import io.qscope.key.Purpose;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.ThrottleCount;
import io.qscope.store.UnitOutcome;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A limit to guessing. What is presented is counted first and given back when it was right, so that no number of parallel guesses slips
 * past; beyond the limit what is right is refused too.
 *
 * @param event what the audit log calls a guess
 * @param by who acts, as rows and entries have it
 * @param what it is that is tried, in the plural, for the message
 * @param most how many within the window
 * @param tellsEach whether each guess within the limit has its audit entry, or only the first one beyond
 */
record GuessLimit(
        ServiceContext context,
        AuditEvent event,
        String by,
        String what,
        int most,
        Duration window,
        boolean tellsEach) {

    /** Of a key's digest, enough to tell who else tried: it is keyed, and no credential. */
    private static final int SHOWN_BYTES = 16;

    /**
     * What guesses are counted under. By the oldest key: while a new one is rolled out, some processes write with it and others do not,
     * and all count together.
     */
    TokenDigest digest(String throttleKey) {
        List<Key> keys = context.keys.get().readable();
        return keys.get(keys.size() - 1).digest(Purpose.THROTTLES, throttleKey);
    }

    /**
     * Counts, and says so in the log: up to the limit and once beyond it, so that nobody can fill the log with guesses.
     *
     * @return fails with a {@link Refusal} beyond the limit
     */
    CompletableFuture<ThrottleCount> count(TokenDigest throttle, RayId ray) {
        Attempt attempt = context.attempt(by);
        return context.lostAnswer
                .repeated(() -> context.storage.throttles().count(throttle, window, attempt, ray), ray)
                .thenCompose(count -> isTold(count)
                        ? tell(throttle, count, ray).thenApply(told -> count)
                        : CompletableFuture.completedFuture(count))
                .thenApply(count -> {
                    if (count.count() > most) {
                        throw new Refusal(
                                ServiceError.TOO_MANY_ATTEMPTS,
                                "too many " + what + " were tried; try again after "
                                        + count.endsAt().truncatedTo(ChronoUnit.SECONDS));
                    }
                    return count;
                });
    }

    private boolean isTold(ThrottleCount count) {
        return count.count() == most + 1 || (tellsEach && count.count() <= most);
    }

    private CompletableFuture<UnitOutcome> tell(TokenDigest throttle, ThrottleCount count, RayId ray) {
        Attempt attempt = context.attempt(by);
        Map<String, Object> told = Map.of(
                "throttle",
                HexFormat.of().formatHex(throttle.bytes(), 0, SHOWN_BYTES),
                "count",
                count.count(),
                "refused",
                count.count() > most);
        AuditLog entry = context.entry(event, null, null, null, told, attempt, ray);
        return context.units.unguarded(attempt, unit -> {}, entry, ray);
    }

    /** What is right does not count. If that cannot be written, it counts: which harms nobody but the one who may try less often. */
    CompletableFuture<@Nullable Void> giveBack(TokenDigest throttle, RayId ray) {
        return context.storage
                .throttles()
                .uncount(throttle, context.attempt(by), ray)
                .<@Nullable Void>thenApply(done -> null)
                .exceptionallyCompose(thrown -> Refusal.cause(thrown) instanceof StorageUnavailableException
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(Refusal.cause(thrown)));
    }
}
