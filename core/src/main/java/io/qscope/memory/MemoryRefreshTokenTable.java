package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.Arguments;
import io.qscope.engine.RowIdentity;
import io.qscope.memory.Stored.Won;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import io.qscope.store.InvalidRowException;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RotateOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemoryRefreshTokenTable extends MemoryFamilyTable<RefreshToken> implements RefreshTokenTable {

    MemoryRefreshTokenTable(MemoryData data, Calls calls) {
        super(RefreshToken.class, data, data.refreshTokens, data.refreshTokensByRoot, calls);
    }

    @Override
    RefreshToken held(RefreshToken row, long version) {
        return row.toBuilder().version(version).authorizationRevokedAt(null).build();
    }

    @Override
    RefreshToken seen(RefreshToken row) {
        return row.toBuilder()
                .authorizationRevokedAt(data.rootRevokedAt(row.authorizationId()))
                .build();
    }

    @Override
    String clientIdOf(RefreshToken row) {
        return row.clientId();
    }

    @Override
    String authorizationIdOf(RefreshToken row) {
        return row.authorizationId();
    }

    @Override
    public CompletableFuture<Optional<RefreshToken>> getByToken(TokenDigest token, RayId rayId) {
        requireNonNull(token, "token");
        return read("getByToken", () -> data.refreshTokensByToken.one(token), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId) {
        requireNonNull(token, "token");
        return family("getFamily", () -> data.refreshTokensByToken.one(token), rayId);
    }

    @Override
    public CompletableFuture<RotateOutcome> rotate(
            TokenDigest token, RefreshToken successor, Grace grace, Attempt attempt, RayId rayId) {
        requireNonNull(token, "token");
        requireNonNull(successor, "successor");
        requireNonNull(grace, "grace");
        requireNonNull(attempt, "attempt");
        return call("rotate", rayId, () -> rotateNow(token, successor, grace, attempt, rayId));
    }

    @Override
    public CompletableFuture<RevokeOutcome<RefreshToken>> revoke(TokenDigest token, Attempt attempt, RayId rayId) {
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

    boolean rotatedBefore(TokenDigest token, Attempt attempt) {
        return data.refreshTokensByToken
                .one(token)
                .flatMap(stored -> successorMadeBy(attempt, stored))
                .isPresent();
    }

    RotateOutcome rotateNow(TokenDigest token, RefreshToken successor, Grace grace, Attempt attempt, RayId rayId) {
        Stored<RefreshToken> stored = data.refreshTokensByToken.one(token).orElse(null);
        if (stored == null) {
            return new RotateOutcome.Unknown();
        }
        Stored<RefreshToken> made = successorMadeBy(attempt, stored).orElse(null);
        if (made != null) {
            return repeated(stored, made, successor, attempt, rayId);
        }
        RefreshToken row = seen(stored);
        refuseForeignSuccessor(row, successor, rayId);
        if (row.revokedAt() != null || row.authorizationRevokedAt() != null) {
            return new RotateOutcome.Revoked(row);
        }
        Instant rotatedAt = row.rotatedAt();
        if (rotatedAt != null && !isWithinGrace(row, rotatedAt, grace, attempt.at())) {
            return new RotateOutcome.AlreadyRotated(row);
        }
        Instant expiresAt = row.expiresAt();
        if (expiresAt != null && !attempt.at().isBefore(expiresAt)) {
            return new RotateOutcome.Expired(row);
        }
        insertNow(new Stored<>(successor, Map.of(Won.MADE, attempt.id())), rayId);
        RefreshToken born = seen(rows.byId(successor.id()).orElseThrow());
        return rotatedAt == null
                ? new RotateOutcome.Rotated(retire(stored, attempt), born)
                : new RotateOutcome.RotatedAgain(countGraceUse(stored, attempt), born);
    }

    RevokeOutcome<RefreshToken> revokeNow(TokenDigest token, Attempt attempt) {
        Stored<RefreshToken> stored = data.refreshTokensByToken.one(token).orElse(null);
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
        List<Stored<RefreshToken>> oldestFirst = data.refreshTokensByClient.all(clientId).stream()
                .filter(stored -> Objects.equals(stored.row().userId(), userId))
                .filter(stored -> seen(stored).isLive(attempt.at()))
                .sorted(Comparator.comparing(Stored::row, Pages.byAge()))
                .toList();
        List<Stored<RefreshToken>> tooMany = oldestFirst.subList(0, Math.max(0, oldestFirst.size() - keep));
        tooMany.forEach(stored -> mark(stored, attempt));
        return new RevokeCount(0, 0, tooMany.size());
    }

    private Optional<Stored<RefreshToken>> successorMadeBy(Attempt attempt, Stored<RefreshToken> token) {
        return data.successors.all(token.row().id()).stream()
                .filter(successor -> successor.wonBy(Won.MADE, attempt))
                .findFirst();
    }

    private RotateOutcome repeated(
            Stored<RefreshToken> token,
            Stored<RefreshToken> made,
            RefreshToken successor,
            Attempt attempt,
            RayId rayId) {
        if (!RowIdentity.sameInsert(successor, seen(made))) {
            throw new InvalidRowException(
                    rows.table(),
                    successor.id(),
                    "this attempt already rotated the token, with another successor; repeat it with the same row",
                    rayId);
        }
        return token.wonBy(Won.ROTATED, attempt)
                ? new RotateOutcome.Rotated(seen(token), seen(made))
                : new RotateOutcome.RotatedAgain(seen(token), seen(made));
    }

    private void refuseForeignSuccessor(RefreshToken token, RefreshToken successor, RayId rayId) {
        if (!token.id().equals(successor.predecessorId())
                || !token.clientId().equals(successor.clientId())
                || !token.authorizationId().equals(successor.authorizationId())) {
            throw new InvalidRowException(
                    rows.table(),
                    successor.id(),
                    "a successor must have the rotated token's id as predecessorId, and its clientId and authorizationId",
                    rayId);
        }
    }

    private boolean isWithinGrace(RefreshToken token, Instant rotatedAt, Grace grace, Instant at) {
        return !at.isAfter(rotatedAt.plus(grace.window()))
                && token.graceUses() < grace.maxUses()
                && data.successors.all(token.id()).stream()
                        .allMatch(successor -> successor.row().rotatedAt() == null);
    }

    private RefreshToken retire(Stored<RefreshToken> stored, Attempt attempt) {
        RefreshToken rotated = stored.row().toBuilder()
                .rotatedAt(attempt.at())
                .version(stored.row().version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(rotated, Won.ROTATED, attempt));
        return seen(rotated);
    }

    private RefreshToken countGraceUse(Stored<RefreshToken> stored, Attempt attempt) {
        RefreshToken used = stored.row().toBuilder()
                .graceUses(stored.row().graceUses() + 1)
                .version(stored.row().version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(used));
        return seen(used);
    }

    private RefreshToken mark(Stored<RefreshToken> stored, Attempt attempt) {
        RefreshToken revoked = stored.row().toBuilder()
                .revokedAt(attempt.at())
                .version(stored.row().version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(revoked, Won.REVOKED, attempt));
        return revoked;
    }
}
