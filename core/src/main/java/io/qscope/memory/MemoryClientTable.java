package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.ClientTable;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemoryClientTable extends MemoryTable<OAuthClient> implements ClientTable {

    MemoryClientTable(MemoryData data, Calls calls) {
        super(OAuthClient.class, data, data.clients, calls);
    }

    @Override
    OAuthClient held(OAuthClient row, long version) {
        return row.toBuilder().version(version).build();
    }

    @Override
    @Nullable
    String clientIdOf(OAuthClient row) {
        return null;
    }

    @Override
    @Nullable
    String authorizationIdOf(OAuthClient row) {
        return null;
    }

    @Override
    void removeWithChildren(Stored<OAuthClient> stored) {
        data.removeClient(stored);
    }

    @Override
    public CompletableFuture<Optional<OAuthClient>> getByClientIdentifier(String clientIdentifier, RayId rayId) {
        requireNonNull(clientIdentifier, "clientIdentifier");
        return read("getByClientIdentifier", () -> data.clientsByIdentifier.one(clientIdentifier), rayId);
    }

    @Override
    public CompletableFuture<Slice<OAuthClient>> list(Page page, RayId rayId) {
        requireNonNull(page, "page");
        return call("list", rayId, () -> Pages.byId(seenAll(), page, rayId));
    }
}
