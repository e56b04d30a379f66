package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.RowIdentity;
import io.qscope.memory.Part.Named;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.BaseTable;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.InvalidRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every table does. A method whose name ends in {@code Now} does its work under the lock: for a call of the table, and
 * for a part of a unit of work alike.
 */
abstract class MemoryTable<T extends Row> implements BaseTable<T> {

    final MemoryData data;
    final Rows<T> rows;
    final Calls calls;
    private final Class<T> type;

    MemoryTable(Class<T> type, MemoryData data, Rows<T> rows, Calls calls) {
        this.type = type;
        this.data = data;
        this.rows = rows;
        this.calls = calls;
    }

    /** The row as it is held: with that version, and without the fields that are computed when it is read. */
    abstract T held(T row, long version);

    /** The row as a reader sees it: with what its root says. */
    T seen(T row) {
        return row;
    }

    abstract @Nullable String clientIdOf(T row);

    abstract @Nullable String authorizationIdOf(T row);

    /** Deletes the row and what descends from it. */
    void removeWithChildren(Stored<T> stored) {
        rows.remove(stored);
    }

    @Override
    public CompletableFuture<Void> insert(T row, RayId rayId) {
        requireNonNull(row, "row");
        return run("insert", rayId, () -> insertNow(Stored.unattempted(row), rayId));
    }

    @Override
    public CompletableFuture<Optional<T>> getById(String id, RayId rayId) {
        requireNonNull(id, "id");
        return read("getById", () -> rows.byId(id), rayId);
    }

    @Override
    public CompletableFuture<Void> update(T row, RayId rayId) {
        requireNonNull(row, "row");
        return run("update", rayId, () -> updateNow(row, rayId));
    }

    @Override
    public CompletableFuture<Void> deleteById(String id, RayId rayId) {
        requireNonNull(id, "id");
        return run("deleteById", rayId, () -> deleteNow(id));
    }

    /** A dead family takes no new member; then a row's own keys are judged, then what it refers to. */
    void insertNow(Stored<T> given, RayId rayId) {
        T row = given.row();
        String root = authorizationIdOf(row);
        if (root != null && data.rootRevokedAt(root) != null) {
            throw new RevokedAuthorizationException(rows.table(), row.id(), root, rayId);
        }
        refuseTakenKey(row, true, rayId);
        String client = clientIdOf(row);
        if (client != null && data.clients.byId(client).isEmpty()) {
            throw new MissingReferenceException(rows.table(), row.id(), "clientId", rayId);
        }
        if (root != null && data.authorizations.byId(root).isEmpty()) {
            throw new MissingReferenceException(rows.table(), row.id(), "authorizationId", rayId);
        }
        rows.put(given.rewritten(held(row, 1)));
    }

    /** Absent, then stale, then changed where it may not be, then its keys. Also under a revoked root: it stays dead. */
    void updateNow(T row, RayId rayId) {
        Stored<T> stored =
                rows.byId(row.id()).orElseThrow(() -> new RowNotFoundException(rows.table(), row.id(), rayId));
        if (stored.row().version() != row.version()) {
            throw new StaleRowException(rows.table(), row.id(), row.version(), rayId);
        }
        if (!RowIdentity.kept(stored.row(), row)) {
            throw new InvalidRowException(
                    rows.table(),
                    row.id(),
                    "an update may not change digests, clientId, authorizationId, predecessorId, a consent's userId, a username, a"
                            + " signing key's algorithm and public part, created…,"
                            + " what transitions set, or of an ID token more than its metadata; read the row and change other fields only",
                    rayId);
        }
        refuseTakenKey(row, false, rayId);
        rows.put(stored.rewritten(held(row, row.version() + 1)));
    }

    void deleteNow(String id) {
        rows.byId(id).ifPresent(this::removeWithChildren);
    }

    boolean holds(Row row) {
        return type.isInstance(row);
    }

    List<Named> names(Row row) {
        return rows.names(type.cast(row));
    }

    void insertAny(Row row, RayId rayId) {
        insertNow(Stored.unattempted(type.cast(row)), rayId);
    }

    void updateAny(Row row, RayId rayId) {
        updateNow(type.cast(row), rayId);
    }

    /** A repeated unit's insert must be there, and the same. */
    void refuseOtherInsert(Row given, RayId rayId) {
        boolean same = rows.byId(given.id())
                .filter(stored -> RowIdentity.sameInsert(given, seen(stored)))
                .isPresent();
        if (!same) {
            throw new InvalidRowException(
                    rows.table(),
                    given.id(),
                    "this attempt committed the unit before, and this row was not part of it or is gone; repeat it with the"
                            + " same rows",
                    rayId);
        }
    }

    final <R extends @Nullable Object> CompletableFuture<R> call(String operation, RayId rayId, Supplier<R> work) {
        return calls.call(operation, rows.table(), rayId, work);
    }

    final CompletableFuture<Void> run(String operation, RayId rayId, Runnable work) {
        return calls.run(operation, rows.table(), rayId, work);
    }

    final CompletableFuture<Optional<T>> read(String operation, Supplier<Optional<Stored<T>>> lookup, RayId rayId) {
        return call(operation, rayId, () -> lookup.get().map(this::seen));
    }

    T seen(Stored<T> stored) {
        return seen(stored.row());
    }

    /** All rows, as readers see them. */
    Stream<T> seenAll() {
        return seenAll(rows.all());
    }

    Stream<T> seenAll(Collection<Stored<T>> found) {
        return found.stream().map(this::seen);
    }

    private void refuseTakenKey(T row, boolean isNew, RayId rayId) {
        rows.takenKey(row, isNew).ifPresent(key -> {
            throw new DuplicateRowException(rows.table(), row.id(), key, rayId);
        });
    }
}
