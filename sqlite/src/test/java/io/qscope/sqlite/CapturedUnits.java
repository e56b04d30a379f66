package io.qscope.sqlite;

import io.qscope.engine.Listening;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlStorage;
import io.qscope.sql.SqlUnit;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import io.qscope.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What calls of a storage come to, for tests that run it in their own way. */
final class CapturedUnits implements SqlEngine {

    private final List<SqlUnit<?>> units = new ArrayList<>();

    /** The units that these calls would send to an engine. */
    static List<SqlUnit<?>> of(Consumer<Storage> calls) {
        CapturedUnits captured = new CapturedUnits();
        calls.accept(new SqlStorage(captured));
        return captured.units;
    }

    /** The insert of an entry of the audit log. */
    static SqlUnit<?> ofAnEntry() {
        return of(storage -> {
                    var unused = storage.auditLog().insert(Sqlite.rows(storage).auditLog(), Sqlite.ray());
                })
                .get(0);
    }

    @Override
    public SqlDialect dialect() {
        return SqlDialect.SQLITE;
    }

    @Override
    public Listening listening() {
        return Listening.to(null);
    }

    @Override
    public void read(List<? extends SqlRead<?, ?>> calls) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(List<? extends SqlUnit<?>> calls) {
        units.addAll(calls);
    }

    @Override
    public CompletableFuture<Health> health(RayId rayId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Migration> migrate(RayId rayId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Guarantees guarantees() {
        return Guarantees.all();
    }

    @Override
    public void close() {}
}
