package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.model.RayId;
import io.qscope.model.UserAccount;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.UserAccountTable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

final class MemoryUserAccountTable extends MemoryTable<UserAccount> implements UserAccountTable {

    MemoryUserAccountTable(MemoryData data, Calls calls) {
        super(UserAccount.class, data, data.users, calls);
    }

    @Override
    UserAccount held(UserAccount row, long version) {
        return row.toBuilder().version(version).build();
    }

    @Override
    @Nullable
    String clientIdOf(UserAccount row) {
        return null;
    }

    @Override
    @Nullable
    String authorizationIdOf(UserAccount row) {
        return null;
    }

    @Override
    public CompletableFuture<Optional<UserAccount>> getByUsername(String username, RayId rayId) {
        requireNonNull(username, "username");
        return read("getByUsername", () -> data.usersByName.one(username), rayId);
    }

    @Override
    public CompletableFuture<Slice<UserAccount>> list(Page page, RayId rayId) {
        requireNonNull(page, "page");
        return call("list", rayId, () -> Pages.byId(seenAll(), page, rayId));
    }
}
