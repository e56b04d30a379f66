package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.Arguments;
import io.qscope.memory.Stored.Won;
import io.qscope.model.AccessToken;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.Attempt;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemoryAccessTokenTable extends MemoryFamilyTable<AccessToken> implements AccessTokenTable {

    MemoryAccessTokenTable(MemoryData data, Calls calls) {
        super(AccessToken.class, data, data.accessTokens, data.accessTokensByRoot, calls);
    }

    @Override
    AccessToken held(AccessToken row, long version) {
        return row.toBuilder().version(version).authorizationRevokedAt(null).build();
    }

    @Override
    AccessToken seen(AccessToken row) {
        return row.toBuilder()
                .authorizationRevokedAt(data.rootRevokedAt(row.authorizationId()))
                .build();
    }

    @Override
    String clientIdOf(AccessToken row) {
        return row.clientId();
    }

    @Override
    @Nullable
    String authorizationIdOf(AccessToken row) {
        return row.authorizationId();
    }

    @Override
    public CompletableFuture<Optional<AccessToken>> getByToken(TokenDigest token, RayId rayId) {
        requireNonNull(token, "token");
        return read("getByToken", () -> data.accessTokensByToken.one(token), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId) {
        requireNonNull(token, "token");
        return family("getFamily", () -> data.accessTokensByToken.one(token), rayId);
    }

    @Override
    public CompletableFuture<Void> deleteByToken(TokenDigest token, RayId rayId) {
        requireNonNull(token, "token");
        return run("deleteByToken", rayId, () -> deleteByTokenNow(token));
    }

    @Override
    public CompletableFuture<RevokeOutcome<AccessToken>> revoke(TokenDigest token, Attempt attempt, RayId rayId) {
        requireNonNull(token, "token");
        requireNonNull(attempt, "attempt");
        return call("revoke", rayId, () -> revokeNow(token, attempt));
    }

    @Override
    public CompletableFuture<RevokeCount> revokeOldest(
            String clientId, @Nullable String userId, int keep, Attempt attempt, RayId rayId) {
        requireNonNull(clientId, "clientId");
        requireNonNull(attempt, "attempt");
        return call("revokeOldest", rayId, () -> revokeOldestNow(clientId, userId, keep, attempt, rayId));
    }

    void deleteByTokenNow(TokenDigest token) {
        data.accessTokensByToken.one(token).ifPresent(this::removeWithChildren);
    }

    RevokeOutcome<AccessToken> revokeNow(TokenDigest token, Attempt attempt) {
        Stored<AccessToken> stored = data.accessTokensByToken.one(token).orElse(null);
        if (stored == null) {
            return new RevokeOutcome.Unknown<>();
        }
        if (stored.wonBy(Won.REVOKED, attempt)) {
            return new RevokeOutcome.Revoked<>(seen(stored));
        }
        if (stored.row().revokedAt() != null) {
            return new RevokeOutcome.AlreadyRevoked<>(seen(stored));
        }
        return new RevokeOutcome.Revoked<>(seen(mark(stored, attempt)));
    }

    RevokeCount revokeOldestNow(String clientId, @Nullable String userId, int keep, Attempt attempt, RayId rayId) {
        Arguments.keep(keep, rayId);
        List<Stored<AccessToken>> oldestFirst = data.accessTokensByClient.all(clientId).stream()
                .filter(stored -> Objects.equals(stored.row().userId(), userId))
                .filter(stored -> seen(stored).isLive(attempt.at()))
                .sorted(Comparator.comparing(Stored::row, Pages.byAge()))
                .toList();
        List<Stored<AccessToken>> tooMany = oldestFirst.subList(0, Math.max(0, oldestFirst.size() - keep));
        tooMany.forEach(stored -> mark(stored, attempt));
        return new RevokeCount(0, tooMany.size(), 0);
    }

    AccessToken mark(Stored<AccessToken> stored, Attempt attempt) {
        AccessToken revoked = stored.row().toBuilder()
                .revokedAt(attempt.at())
                .version(stored.row().version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(revoked, Won.REVOKED, attempt));
        return revoked;
    }
}
