package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.IdTokenTable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

final class MemoryIdTokenTable extends MemoryFamilyTable<IdToken> implements IdTokenTable {

    MemoryIdTokenTable(MemoryData data, Calls calls) {
        super(IdToken.class, data, data.idTokens, data.idTokensByRoot, calls);
    }

    @Override
    IdToken held(IdToken row, long version) {
        return row.toBuilder().version(version).authorizationRevokedAt(null).build();
    }

    @Override
    IdToken seen(IdToken row) {
        return row.toBuilder()
                .authorizationRevokedAt(data.rootRevokedAt(row.authorizationId()))
                .build();
    }

    @Override
    String clientIdOf(IdToken row) {
        return row.clientId();
    }

    @Override
    String authorizationIdOf(IdToken row) {
        return row.authorizationId();
    }

    @Override
    public CompletableFuture<Optional<IdToken>> getByToken(TokenDigest token, RayId rayId) {
        requireNonNull(token, "token");
        return read("getByToken", () -> data.idTokensByToken.one(token), rayId);
    }

    @Override
    public CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId) {
        requireNonNull(token, "token");
        return family("getFamily", () -> data.idTokensByToken.one(token), rayId);
    }
}
