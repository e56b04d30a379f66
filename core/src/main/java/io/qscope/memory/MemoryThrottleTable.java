package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.Arguments;
import io.qscope.memory.Throttles.Throttle;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.TableName;
import io.qscope.store.ThrottleCount;
import io.qscope.store.ThrottleTable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

final class MemoryThrottleTable implements ThrottleTable {

    private final Throttles throttles;
    private final Calls calls;

    MemoryThrottleTable(MemoryData data, Calls calls) {
        this.throttles = data.throttles;
        this.calls = calls;
    }

    @Override
    public CompletableFuture<ThrottleCount> count(TokenDigest key, Duration window, Attempt attempt, RayId rayId) {
        requireNonNull(key, "key");
        requireNonNull(window, "window");
        requireNonNull(attempt, "attempt");
        return calls.call("count", TableName.THROTTLES, rayId, () -> countNow(key, window, attempt, rayId));
    }

    @Override
    public CompletableFuture<Void> uncount(TokenDigest key, Attempt attempt, RayId rayId) {
        requireNonNull(key, "key");
        requireNonNull(attempt, "attempt");
        return calls.run("uncount", TableName.THROTTLES, rayId, () -> uncountNow(key, attempt));
    }

    ThrottleCount countNow(TokenDigest key, Duration window, Attempt attempt, RayId rayId) {
        Arguments.throttleWindow(window, rayId);
        Throttle before = throttles.of(key);
        if (before != null && before.countedAttempt().equals(attempt.id())) {
            return new ThrottleCount(before.countedAs(), before.endsAt());
        }
        Throttle after = before != null && attempt.at().isBefore(before.endsAt())
                ? before.counted(attempt)
                : Throttle.begun(attempt, window, before);
        throttles.put(key, after);
        return new ThrottleCount(after.countedAs(), after.endsAt());
    }

    void uncountNow(TokenDigest key, Attempt attempt) {
        Throttle before = throttles.of(key);
        if (before != null
                && attempt.at().isBefore(before.endsAt())
                && !attempt.id().equals(before.uncountedAttempt())) {
            throttles.put(key, before.uncounted(attempt));
        }
    }
}
