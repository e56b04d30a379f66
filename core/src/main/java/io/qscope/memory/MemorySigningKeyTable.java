package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.model.RayId;
import io.qscope.model.SigningKey;
import io.qscope.store.Page;
import io.qscope.store.SigningKeyTable;
import io.qscope.store.Slice;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemorySigningKeyTable extends MemoryTable<SigningKey> implements SigningKeyTable {

    MemorySigningKeyTable(MemoryData data, Calls calls) {
        super(SigningKey.class, data, data.signingKeys, calls);
    }

    @Override
    SigningKey held(SigningKey row, long version) {
        return row.toBuilder().version(version).build();
    }

    @Override
    @Nullable
    String clientIdOf(SigningKey row) {
        return null;
    }

    @Override
    @Nullable
    String authorizationIdOf(SigningKey row) {
        return null;
    }

    @Override
    public CompletableFuture<Slice<SigningKey>> list(Page page, RayId rayId) {
        requireNonNull(page, "page");
        return call("list", rayId, () -> Pages.byId(seenAll(), page, rayId));
    }
}
