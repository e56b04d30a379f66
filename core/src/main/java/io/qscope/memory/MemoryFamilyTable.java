package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.FamilyTable;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What the tables of codes and tokens do: found by their root, and seen with what it says. */
abstract class MemoryFamilyTable<T extends Row> extends MemoryTable<T> implements FamilyTable<T> {

    private final Rows<T>.Index byRoot;

    MemoryFamilyTable(Class<T> type, MemoryData data, Rows<T> rows, Rows<T>.Index byRoot, Calls calls) {
        super(type, data, rows, calls);
        this.byRoot = byRoot;
    }

    @Override
    public CompletableFuture<Slice<T>> listByAuthorization(String authorizationId, Page page, RayId rayId) {
        requireNonNull(authorizationId, "authorizationId");
        requireNonNull(page, "page");
        return call("listByAuthorization", rayId, () -> Pages.byId(seenAll(byRoot.all(authorizationId)), page, rayId));
    }

    /** The family of the row that is looked up. */
    final CompletableFuture<Optional<Family>> family(
            String operation, Supplier<Optional<Stored<T>>> lookup, RayId rayId) {
        return call(
                operation,
                rayId,
                () -> lookup.get()
                        .map(Stored::row)
                        .flatMap(found -> new Families(data).of(authorizationIdOf(found), found)));
    }
}
