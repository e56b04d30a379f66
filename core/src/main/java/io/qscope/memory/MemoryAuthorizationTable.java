package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.memory.Stored.Won;
import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationTable;
import io.qscope.store.Page;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.Slice;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemoryAuthorizationTable extends MemoryTable<Authorization> implements AuthorizationTable {

    private final MemoryAccessTokenTable accessTokens;

    MemoryAuthorizationTable(MemoryData data, Calls calls, MemoryAccessTokenTable accessTokens) {
        super(Authorization.class, data, data.authorizations, calls);
        this.accessTokens = accessTokens;
    }

    @Override
    Authorization held(Authorization row, long version) {
        return row.toBuilder().version(version).build();
    }

    @Override
    @Nullable
    String clientIdOf(Authorization row) {
        return row.clientId();
    }

    @Override
    @Nullable
    String authorizationIdOf(Authorization row) {
        return null;
    }

    @Override
    void removeWithChildren(Stored<Authorization> stored) {
        data.removeAuthorization(stored);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(String id, RayId rayId) {
        requireNonNull(id, "id");
        return call("getFamily", rayId, () -> new Families(data).of(id, null));
    }

    @Override
    public CompletableFuture<RevokeOutcome<Authorization>> revoke(String id, Attempt attempt, RayId rayId) {
        requireNonNull(id, "id");
        requireNonNull(attempt, "attempt");
        return call("revoke", rayId, () -> revokeNow(id, attempt));
    }

    @Override
    public CompletableFuture<RevokeCount> revokeByClient(String clientId, Attempt attempt, RayId rayId) {
        requireNonNull(clientId, "clientId");
        requireNonNull(attempt, "attempt");
        return call("revokeByClient", rayId, () -> revokeByClientNow(clientId, attempt));
    }

    @Override
    public CompletableFuture<RevokeCount> revokeByUser(String userId, Attempt attempt, RayId rayId) {
        requireNonNull(userId, "userId");
        requireNonNull(attempt, "attempt");
        return call("revokeByUser", rayId, () -> revokeByUserNow(userId, attempt));
    }

    @Override
    public CompletableFuture<Slice<Authorization>> listByClient(String clientId, Page page, RayId rayId) {
        requireNonNull(clientId, "clientId");
        requireNonNull(page, "page");
        return call(
                "listByClient",
                rayId,
                () -> Pages.byId(seenAll(data.authorizationsByClient.all(clientId)), page, rayId));
    }

    @Override
    public CompletableFuture<Slice<Authorization>> listByUser(String userId, Page page, RayId rayId) {
        requireNonNull(userId, "userId");
        requireNonNull(page, "page");
        return call("listByUser", rayId, () -> Pages.byId(seenAll(data.authorizationsByUser.all(userId)), page, rayId));
    }

    RevokeOutcome<Authorization> revokeNow(String id, Attempt attempt) {
        Stored<Authorization> stored = rows.byId(id).orElse(null);
        if (stored == null) {
            return new RevokeOutcome.Unknown<>();
        }
        if (stored.wonBy(Won.REVOKED, attempt)) {
            return new RevokeOutcome.Revoked<>(stored.row());
        }
        if (stored.row().revokedAt() != null) {
            return new RevokeOutcome.AlreadyRevoked<>(stored.row());
        }
        return new RevokeOutcome.Revoked<>(mark(stored, attempt));
    }

    RevokeCount revokeByClientNow(String clientId, Attempt attempt) {
        return revokeAll(data.authorizationsByClient.all(clientId), data.accessTokensByClient.all(clientId), attempt);
    }

    RevokeCount revokeByUserNow(String userId, Attempt attempt) {
        return revokeAll(data.authorizationsByUser.all(userId), data.accessTokensByUser.all(userId), attempt);
    }

    /** Marks the roots, and of the tokens those that have no root to be marked. */
    private RevokeCount revokeAll(
            List<Stored<Authorization>> roots, List<Stored<AccessToken>> tokens, Attempt attempt) {
        int markedRoots = 0;
        for (Stored<Authorization> root : roots) {
            if (root.row().revokedAt() == null) {
                mark(root, attempt);
                markedRoots++;
            }
        }
        int markedTokens = 0;
        for (Stored<AccessToken> token : tokens) {
            if (token.row().authorizationId() == null && token.row().revokedAt() == null) {
                accessTokens.mark(token, attempt);
                markedTokens++;
            }
        }
        return new RevokeCount(markedRoots, markedTokens, 0);
    }

    private Authorization mark(Stored<Authorization> stored, Attempt attempt) {
        Authorization revoked = stored.row().toBuilder()
                .revokedAt(attempt.at())
                .version(stored.row().version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(revoked, Won.REVOKED, attempt));
        return revoked;
    }
}
