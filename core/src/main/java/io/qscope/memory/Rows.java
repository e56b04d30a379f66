package io.qscope.memory;

import io.qscope.memory.Part.Named;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.store.TableName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of one table by id, with hash indexes. Every change puts its reverse into the undo log. */
final class Rows<T extends Row> {

    private final TableName table;
    private final Deque<Runnable> undo;
    private final Map<String, Stored<T>> byId = new HashMap<>();
    private final List<Index> indexes = new ArrayList<>();
    private final Map<String, Function<T, TokenDigest>> digests = new LinkedHashMap<>();

    Rows(TableName table, Deque<Runnable> undo) {
        this.table = table;
        this.undo = undo;
    }

    /** A way to find rows by a field; no two rows may have an equal value if it is unique. Made before the first row. */
    final class Index {

        private final String field;
        private final boolean unique;
        private final Function<T, @Nullable Object> valueOf;
        private final Map<Object, Map<String, Stored<T>>> found = new HashMap<>();

        private Index(String field, boolean unique, Function<T, @Nullable Object> valueOf) {
            this.field = field;
            this.unique = unique;
            this.valueOf = valueOf;
            indexes.add(this);
        }

        /** The one row with this value of a unique field. */
        Optional<Stored<T>> one(Object value) {
            return all(value).stream().findFirst();
        }

        /** The row with this digest: the bytes alone count. */
        Optional<Stored<T>> one(TokenDigest digest) {
            return one(bytesOf(digest));
        }

        /** The rows with this value, in no order. A copy, so that they may be changed one by one. */
        List<Stored<T>> all(Object value) {
            return List.copyOf(found.getOrDefault(value, Map.of()).values());
        }

        private void add(Stored<T> stored) {
            Object value = valueOf.apply(stored.row());
            if (value != null) {
                found.computeIfAbsent(value, none -> new HashMap<>())
                        .put(stored.row().id(), stored);
            }
        }

        private void remove(Stored<T> stored) {
            Object value = valueOf.apply(stored.row());
            if (value != null) {
                found.computeIfPresent(value, (same, rows) -> {
                    rows.remove(stored.row().id());
                    return rows.isEmpty() ? null : rows;
                });
            }
        }
    }

    Index unique(String field, Function<T, @Nullable Object> valueOf) {
        return new Index(field, true, valueOf);
    }

    Index uniqueDigest(String field, Function<T, TokenDigest> valueOf) {
        digests.put(field, valueOf);
        return new Index(field, true, row -> bytesOf(valueOf.apply(row)));
    }

    Index grouped(String field, Function<T, @Nullable Object> valueOf) {
        return new Index(field, false, valueOf);
    }

    TableName table() {
        return table;
    }

    Optional<Stored<T>> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** How a part of a unit of work names the row: by its id and by its digests. */
    List<Named> names(T row) {
        List<Named> names = new ArrayList<>();
        names.add(Named.byId(table, row.id()));
        digests.forEach((field, valueOf) -> names.add(Named.byDigest(table, field, valueOf.apply(row))));
        return names;
    }

    /** All rows, in no order; not to be changed while looking through them. */
    Collection<Stored<T>> all() {
        return byId.values();
    }

    /** The first unique field, the id before all, of which another row already has the value. */
    Optional<String> takenKey(T row, boolean isNew) {
        if (isNew && byId.containsKey(row.id())) {
            return Optional.of("id");
        }
        return indexes.stream()
                .filter(index -> index.unique)
                .filter(index -> {
                    Object value = index.valueOf.apply(row);
                    return value != null
                            && index.all(value).stream()
                                    .anyMatch(other -> !other.row().id().equals(row.id()));
                })
                .map(index -> index.field)
                .findFirst();
    }

    /** Stores a row, in place of the one with its id if there is one. */
    void put(Stored<T> stored) {
        Stored<T> before = byId.get(stored.row().id());
        exchange(before, stored);
        undo.push(() -> exchange(stored, before));
    }

    void remove(Stored<T> stored) {
        exchange(stored, null);
        undo.push(() -> exchange(null, stored));
    }

    private void exchange(@Nullable Stored<T> out, @Nullable Stored<T> in) {
        if (out != null) {
            byId.remove(out.row().id());
            indexes.forEach(index -> index.remove(out));
        }
        if (in != null) {
            byId.put(in.row().id(), in);
            indexes.forEach(index -> index.add(in));
        }
    }

    private static Object bytesOf(TokenDigest digest) {
        return ByteBuffer.wrap(digest.bytes());
    }
}
