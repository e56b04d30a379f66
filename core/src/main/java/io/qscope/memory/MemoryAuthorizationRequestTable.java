package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.memory.Stored.Won;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationRequestTable;
import io.qscope.store.ConsumeOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

final class MemoryAuthorizationRequestTable extends MemoryFamilyTable<AuthorizationRequest>
        implements AuthorizationRequestTable {

    MemoryAuthorizationRequestTable(MemoryData data, Calls calls) {
        super(AuthorizationRequest.class, data, data.requests, data.requestsByRoot, calls);
    }

    @Override
    AuthorizationRequest held(AuthorizationRequest row, long version) {
        return row.toBuilder().version(version).authorizationRevokedAt(null).build();
    }

    @Override
    AuthorizationRequest seen(AuthorizationRequest row) {
        return row.toBuilder()
                .authorizationRevokedAt(data.rootRevokedAt(row.authorizationId()))
                .build();
    }

    @Override
    String clientIdOf(AuthorizationRequest row) {
        return row.clientId();
    }

    @Override
    String authorizationIdOf(AuthorizationRequest row) {
        return row.authorizationId();
    }

    @Override
    public CompletableFuture<Optional<AuthorizationRequest>> getByHandle(TokenDigest handle, RayId rayId) {
        requireNonNull(handle, "handle");
        return read("getByHandle", () -> data.requestsByHandle.one(handle), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest handle, RayId rayId) {
        requireNonNull(handle, "handle");
        return family("getFamily", () -> data.requestsByHandle.one(handle), rayId);
    }

    @Override
    public CompletableFuture<ConsumeOutcome<AuthorizationRequest>> consume(
            TokenDigest handle, Attempt attempt, RayId rayId) {
        requireNonNull(handle, "handle");
        requireNonNull(attempt, "attempt");
        return call("consume", rayId, () -> consumeNow(handle, attempt));
    }

    boolean consumedBefore(TokenDigest handle, Attempt attempt) {
        return data.requestsByHandle
                .one(handle)
                .filter(stored -> stored.wonBy(Won.CONSUMED, attempt))
                .isPresent();
    }

    ConsumeOutcome<AuthorizationRequest> consumeNow(TokenDigest handle, Attempt attempt) {
        Stored<AuthorizationRequest> stored = data.requestsByHandle.one(handle).orElse(null);
        if (stored == null) {
            return new ConsumeOutcome.Unknown<>();
        }
        AuthorizationRequest row = seen(stored);
        if (stored.wonBy(Won.CONSUMED, attempt)) {
            return new ConsumeOutcome.Consumed<>(row);
        }
        if (row.authorizationRevokedAt() != null) {
            return new ConsumeOutcome.Revoked<>(row);
        }
        if (row.consumedAt() != null) {
            return new ConsumeOutcome.AlreadyConsumed<>(row);
        }
        if (!attempt.at().isBefore(row.expiresAt())) {
            return new ConsumeOutcome.Expired<>(row);
        }
        AuthorizationRequest consumed = row.toBuilder()
                .consumedAt(attempt.at())
                .version(row.version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(consumed, Won.CONSUMED, attempt));
        return new ConsumeOutcome.Consumed<>(consumed);
    }
}
