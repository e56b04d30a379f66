package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.memory.Stored.Won;
import io.qscope.model.Consent;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.ConsentTable;
import io.qscope.store.Page;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.Slice;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemoryConsentTable extends MemoryTable<Consent> implements ConsentTable {

    MemoryConsentTable(MemoryData data, Calls calls) {
        super(Consent.class, data, data.consents, calls);
    }

    @Override
    Consent held(Consent row, long version) {
        return row.toBuilder().version(version).build();
    }

    @Override
    String clientIdOf(Consent row) {
        return row.clientId();
    }

    /** None: a consent outlasts what was granted on its strength. */
    @Override
    @Nullable
    String authorizationIdOf(Consent row) {
        return null;
    }

    @Override
    public CompletableFuture<Optional<Consent>> getByClientAndUser(String clientId, String userId, RayId rayId) {
        requireNonNull(clientId, "clientId");
        requireNonNull(userId, "userId");
        return read(
                "getByClientAndUser", () -> data.liveConsents.one(MemoryData.liveConsentKey(clientId, userId)), rayId);
    }

    @Override
    public CompletableFuture<Slice<Consent>> listByUser(String userId, Page page, RayId rayId) {
        requireNonNull(userId, "userId");
        requireNonNull(page, "page");
        return call("listByUser", rayId, () -> Pages.byId(seenAll(data.consentsByUser.all(userId)), page, rayId));
    }

    @Override
    public CompletableFuture<RevokeOutcome<Consent>> revoke(String id, Attempt attempt, RayId rayId) {
        requireNonNull(id, "id");
        requireNonNull(attempt, "attempt");
        return call("revoke", rayId, () -> revokeNow(id, attempt));
    }

    RevokeOutcome<Consent> revokeNow(String id, Attempt attempt) {
        Stored<Consent> stored = rows.byId(id).orElse(null);
        if (stored == null) {
            return new RevokeOutcome.Unknown<>();
        }
        if (stored.wonBy(Won.REVOKED, attempt)) {
            return new RevokeOutcome.Revoked<>(stored.row());
        }
        if (stored.row().revokedAt() != null) {
            return new RevokeOutcome.AlreadyRevoked<>(stored.row());
        }
        Consent revoked = stored.row().toBuilder()
                .revokedAt(attempt.at())
                .version(stored.row().version() + 1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        rows.put(stored.rewritten(revoked, Won.REVOKED, attempt));
        return new RevokeOutcome.Revoked<>(revoked);
    }
}
