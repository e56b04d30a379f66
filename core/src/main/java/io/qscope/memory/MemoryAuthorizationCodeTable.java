package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.memory.Stored.Won;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationCodeTable;
import io.qscope.store.ConsumeOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

final class MemoryAuthorizationCodeTable extends MemoryFamilyTable<AuthorizationCode>
        implements AuthorizationCodeTable {

    MemoryAuthorizationCodeTable(MemoryData data, Calls calls) {
        super(AuthorizationCode.class, data, data.codes, data.codesByRoot, calls);
    }

    @Override
    AuthorizationCode held(AuthorizationCode row, long version) {
        return row.toBuilder().version(version).authorizationRevokedAt(null).build();
    }

    @Override
    AuthorizationCode seen(AuthorizationCode row) {
        return row.toBuilder()
                .authorizationRevokedAt(data.rootRevokedAt(row.authorizationId()))
                .build();
    }

    @Override
    String clientIdOf(AuthorizationCode row) {
        return row.clientId();
    }

    @Override
    String authorizationIdOf(AuthorizationCode row) {
        return row.authorizationId();
    }

    @Override
    public CompletableFuture<Optional<AuthorizationCode>> getByCode(TokenDigest code, RayId rayId) {
        requireNonNull(code, "code");
        return read("getByCode", () -> data.codesByCode.one(code), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest code, RayId rayId) {
        requireNonNull(code, "code");
        return family("getFamily", () -> data.codesByCode.one(code), rayId);
    }

    @Override
    public CompletableFuture<Void> deleteByCode(TokenDigest code, RayId rayId) {
        requireNonNull(code, "code");
        return run("deleteByCode", rayId, () -> deleteByCodeNow(code));
    }

    @Override
    public CompletableFuture<ConsumeOutcome<AuthorizationCode>> consume(
            TokenDigest code, Attempt attempt, RayId rayId) {
        requireNonNull(code, "code");
        requireNonNull(attempt, "attempt");
        return call("consume", rayId, () -> consumeNow(code, attempt));
    }

    void deleteByCodeNow(TokenDigest code) {
        data.codesByCode.one(code).ifPresent(this::removeWithChildren);
    }

    boolean consumedBefore(TokenDigest code, Attempt attempt) {
        return data.codesByCode
                .one(code)
                .filter(stored -> stored.wonBy(Won.CONSUMED, attempt))
                .isPresent();
    }

    ConsumeOutcome<AuthorizationCode> consumeNow(TokenDigest code, Attempt attempt) {
        Stored<AuthorizationCode> stored = data.codesByCode.one(code).orElse(null);
        if (stored == null) {
            return new ConsumeOutcome.Unknown<>();
        }
        AuthorizationCode row = seen(stored);
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
        AuthorizationCode consumed = row.toBuilder()
                .consumedAt(attempt.at())
                .version(row.version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(consumed, Won.CONSUMED, attempt));
        return new ConsumeOutcome.Consumed<>(consumed);
    }
}
