package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.Arguments;
import io.qscope.memory.Stored.Won;
import io.qscope.model.Authorization;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.PollOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemoryDeviceCodeTable extends MemoryFamilyTable<DeviceCode> implements DeviceCodeTable {

    /** What a device that asks too soon must wait longer from then on (RFC 8628 §3.5). */
    private static final Duration SLOWER = Duration.ofSeconds(5);

    private static final Duration SLOWEST = Duration.ofSeconds(Integer.MAX_VALUE);

    MemoryDeviceCodeTable(MemoryData data, Calls calls) {
        super(DeviceCode.class, data, data.deviceCodes, data.deviceCodesByRoot, calls);
    }

    @Override
    DeviceCode held(DeviceCode row, long version) {
        return row.toBuilder().version(version).authorizationRevokedAt(null).build();
    }

    @Override
    DeviceCode seen(DeviceCode row) {
        return row.toBuilder()
                .authorizationRevokedAt(data.rootRevokedAt(row.authorizationId()))
                .build();
    }

    @Override
    String clientIdOf(DeviceCode row) {
        return row.clientId();
    }

    @Override
    String authorizationIdOf(DeviceCode row) {
        return row.authorizationId();
    }

    @Override
    public CompletableFuture<Optional<DeviceCode>> getByDeviceCode(TokenDigest deviceCode, RayId rayId) {
        requireNonNull(deviceCode, "deviceCode");
        return read("getByDeviceCode", () -> data.deviceCodesByDeviceCode.one(deviceCode), rayId);
    }

    @Override
    public CompletableFuture<Optional<DeviceCode>> getByUserCode(TokenDigest userCode, RayId rayId) {
        requireNonNull(userCode, "userCode");
        return read("getByUserCode", () -> data.deviceCodesByUserCode.one(userCode), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamilyByDeviceCode(TokenDigest deviceCode, RayId rayId) {
        requireNonNull(deviceCode, "deviceCode");
        return family("getFamilyByDeviceCode", () -> data.deviceCodesByDeviceCode.one(deviceCode), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamilyByUserCode(TokenDigest userCode, RayId rayId) {
        requireNonNull(userCode, "userCode");
        return family("getFamilyByUserCode", () -> data.deviceCodesByUserCode.one(userCode), rayId);
    }

    @Override
    public CompletableFuture<DecisionOutcome> approve(
            TokenDigest userCode, String userId, Attempt attempt, RayId rayId) {
        requireNonNull(userCode, "userCode");
        requireNonNull(userId, "userId");
        requireNonNull(attempt, "attempt");
        return call("approve", rayId, () -> approveNow(userCode, userId, attempt, rayId));
    }

    @Override
    public CompletableFuture<DecisionOutcome> deny(TokenDigest userCode, Attempt attempt, RayId rayId) {
        requireNonNull(userCode, "userCode");
        requireNonNull(attempt, "attempt");
        return call("deny", rayId, () -> denyNow(userCode, attempt));
    }

    @Override
    public CompletableFuture<PollOutcome> poll(TokenDigest deviceCode, Attempt attempt, RayId rayId) {
        requireNonNull(deviceCode, "deviceCode");
        requireNonNull(attempt, "attempt");
        return call("poll", rayId, () -> pollNow(deviceCode, attempt));
    }

    @Override
    public CompletableFuture<ConsumeOutcome<DeviceCode>> consume(TokenDigest deviceCode, Attempt attempt, RayId rayId) {
        requireNonNull(deviceCode, "deviceCode");
        requireNonNull(attempt, "attempt");
        return call("consume", rayId, () -> consumeNow(deviceCode, attempt));
    }

    boolean decidedBefore(TokenDigest userCode, Attempt attempt) {
        return data.deviceCodesByUserCode
                .one(userCode)
                .filter(stored -> stored.wonBy(Won.DECIDED, attempt))
                .isPresent();
    }

    boolean consumedBefore(TokenDigest deviceCode, Attempt attempt) {
        return data.deviceCodesByDeviceCode
                .one(deviceCode)
                .filter(stored -> stored.wonBy(Won.CONSUMED, attempt))
                .isPresent();
    }

    DecisionOutcome approveNow(TokenDigest userCode, String userId, Attempt attempt, RayId rayId) {
        Arguments.userId(userId, rayId);
        return decide(userCode, DeviceCodeState.APPROVED, userId, attempt);
    }

    DecisionOutcome denyNow(TokenDigest userCode, Attempt attempt) {
        return decide(userCode, DeviceCodeState.DENIED, null, attempt);
    }

    private DecisionOutcome decide(
            TokenDigest userCode, DeviceCodeState decision, @Nullable String userId, Attempt attempt) {
        Stored<DeviceCode> stored = data.deviceCodesByUserCode.one(userCode).orElse(null);
        if (stored == null) {
            return new DecisionOutcome.Unknown();
        }
        DeviceCode row = seen(stored);
        if (stored.wonBy(Won.DECIDED, attempt)) {
            return new DecisionOutcome.Decided(row);
        }
        if (row.authorizationRevokedAt() != null) {
            return new DecisionOutcome.Revoked(row);
        }
        if (row.state() != DeviceCodeState.PENDING) {
            return new DecisionOutcome.AlreadyDecided(row);
        }
        if (!attempt.at().isBefore(row.expiresAt())) {
            return new DecisionOutcome.Expired(row);
        }
        if (userId != null) {
            nameUserOfRoot(row.authorizationId(), userId, attempt);
        }
        DeviceCode decided = row.toBuilder()
                .state(decision)
                .userId(userId == null ? row.userId() : userId)
                .version(row.version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(decided, Won.DECIDED, attempt));
        return new DecisionOutcome.Decided(decided);
    }

    private void nameUserOfRoot(String authorizationId, String userId, Attempt attempt) {
        Stored<Authorization> root = data.authorizations.byId(authorizationId).orElseThrow();
        Authorization named = root.row().toBuilder()
                .userId(userId)
                .version(root.row().version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        data.authorizations.put(root.rewritten(named));
    }

    PollOutcome pollNow(TokenDigest deviceCode, Attempt attempt) {
        Stored<DeviceCode> stored = data.deviceCodesByDeviceCode.one(deviceCode).orElse(null);
        if (stored == null) {
            return new PollOutcome.Unknown();
        }
        DeviceCode row = seen(stored);
        if (stored.wonBy(Won.POLLED, attempt)) {
            return stored.wonBy(Won.SLOWED, attempt)
                    ? new PollOutcome.SlowDown(row.interval())
                    : new PollOutcome.Pending();
        }
        if (row.authorizationRevokedAt() != null) {
            return new PollOutcome.Revoked(row);
        }
        if (!attempt.at().isBefore(row.expiresAt())) {
            return new PollOutcome.Expired(row);
        }
        return switch (row.state()) {
            case DENIED -> new PollOutcome.Denied(row);
            case CONSUMED -> new PollOutcome.AlreadyConsumed(row);
            case APPROVED -> new PollOutcome.Approved(row);
            case PENDING -> count(stored, attempt);
        };
    }

    private PollOutcome count(Stored<DeviceCode> stored, Attempt attempt) {
        DeviceCode row = stored.row();
        Instant last = row.lastPolledAt();
        boolean tooSoon = last != null && attempt.at().isBefore(last.plus(row.interval()));
        Duration slower = row.interval().plus(SLOWER);
        Duration interval = !tooSoon ? row.interval() : slower.compareTo(SLOWEST) > 0 ? SLOWEST : slower;
        DeviceCode polled = row.toBuilder()
                .lastPolledAt(attempt.at())
                .interval(interval)
                .version(row.version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        Stored<DeviceCode> counted = stored.rewritten(polled, Won.POLLED, attempt);
        rows.put(tooSoon ? counted.rewritten(polled, Won.SLOWED, attempt) : counted);
        return tooSoon ? new PollOutcome.SlowDown(interval) : new PollOutcome.Pending();
    }

    ConsumeOutcome<DeviceCode> consumeNow(TokenDigest deviceCode, Attempt attempt) {
        Stored<DeviceCode> stored = data.deviceCodesByDeviceCode.one(deviceCode).orElse(null);
        if (stored == null) {
            return new ConsumeOutcome.Unknown<>();
        }
        DeviceCode row = seen(stored);
        if (stored.wonBy(Won.CONSUMED, attempt)) {
            return new ConsumeOutcome.Consumed<>(row);
        }
        if (row.authorizationRevokedAt() != null) {
            return new ConsumeOutcome.Revoked<>(row);
        }
        if (row.state() == DeviceCodeState.CONSUMED) {
            return new ConsumeOutcome.AlreadyConsumed<>(row);
        }
        if (!attempt.at().isBefore(row.expiresAt())) {
            return new ConsumeOutcome.Expired<>(row);
        }
        if (row.state() != DeviceCodeState.APPROVED) {
            return new ConsumeOutcome.NotApproved<>(row);
        }
        DeviceCode consumed = row.toBuilder()
                .state(DeviceCodeState.CONSUMED)
                .version(row.version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(consumed, Won.CONSUMED, attempt));
        return new ConsumeOutcome.Consumed<>(consumed);
    }
}
