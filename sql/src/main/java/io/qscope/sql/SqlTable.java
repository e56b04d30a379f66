package io.qscope.sql;

import io.qscope.engine.Cursor;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.BaseTable;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the tables share: each makes its calls as data, for itself and for units of work, and this class sends them.
 *
 * @param <T> the row
 */
abstract class SqlTable<T extends Row> implements BaseTable<T> {

    /** The condition that the row's root is live, and stays so until the commit, in a statement on the table that it names. */
    static final String ROOT_IS_LIVE = rootIsLive(SqlDialect.LOCKED);

    /** The same in a call that goes on to write the root. */
    static final String ROOT_IS_LIVE_AND_WRITTEN_NEXT = rootIsLive(SqlDialect.LOCKED_ALONE);

    private static String rootIsLive(String lock) {
        return "(SELECT a.revoked_at IS NULL FROM oauth_authorizations a WHERE a.id = authorization_id " + lock + ")";
    }

    /**
     * The rows of an owner, $1, after an id, $2, and at most $3 of them. It is not written as an owner that is equal and an order
     * by id: PostgreSQL may then go through all rows by id, in the belief that those of a large owner lie everywhere among them.
     */
    static String pageOf(String owner) {
        return "(%1$s, id) > ($1, $2) AND %1$s <= $1 ORDER BY %1$s, id LIMIT $3".formatted(owner);
    }

    /** As {@link #ROOT_IS_LIVE}, of the root that a parameter of a new row names, unless there is none: the foreign key refuses that. */
    static String newRootIsLive(String root) {
        return "COALESCE((SELECT a.revoked_at IS NULL FROM oauth_authorizations a WHERE a.id = " + root + " "
                + SqlDialect.LOCKED + "), TRUE)";
    }

    final TableName name;
    private final SqlEngine engine;

    SqlTable(TableName name, SqlEngine engine) {
        this.name = name;
        this.engine = engine;
    }

    final SqlDialect dialect() {
        return engine.dialect();
    }

    abstract SqlQuery<T> gettingById(String id);

    abstract SqlWrite<Void> inserting(T row);

    abstract SqlWrite<Void> updating(T row);

    abstract SqlWrite<Void> deletingById(String id);

    @Override
    public CompletableFuture<Void> insert(T row, RayId rayId) {
        return write("insert", inserting(row), rayId);
    }

    @Override
    public CompletableFuture<Optional<T>> getById(String id, RayId rayId) {
        return readOne("getById", gettingById(Objects.requireNonNull(id, "id")), rayId);
    }

    @Override
    public CompletableFuture<Void> update(T row, RayId rayId) {
        return write("update", updating(row), rayId);
    }

    @Override
    public CompletableFuture<Void> deleteById(String id, RayId rayId) {
        return write("deleteById", deletingById(Objects.requireNonNull(id, "id")), rayId);
    }

    /** Sends one write. */
    final <R> CompletableFuture<R> write(String operation, SqlWrite<R> call, RayId rayId) {
        return send(SqlUnit.of(call, rayId, engine.listening().future(operation, name, rayId)));
    }

    /** Sends a write that is a part of a larger call. */
    final <R> CompletableFuture<R> writePart(SqlWrite<R> call, RayId rayId) {
        return send(SqlUnit.of(call, rayId));
    }

    private <R> CompletableFuture<R> send(SqlUnit<R> unit) {
        engine.write(List.of(unit));
        return unit.future();
    }

    /** Reads a row by a unique key. */
    final <R> CompletableFuture<Optional<R>> readOne(String operation, SqlQuery<R> query, RayId rayId) {
        return send(new SqlRead<>(
                query,
                rows -> rows.stream().findFirst(),
                SqlRead.Reach.ONE_ROW,
                rayId,
                engine.listening().future(operation, name, rayId)));
    }

    /** Reads a page by id: the query is given the id that the page starts after, and how many rows to look for. */
    final CompletableFuture<Slice<T>> readPage(
            String operation, BiFunction<String, Long, SqlQuery<T>> query, Page page, RayId rayId) {
        Cursor start;
        try {
            start = Cursor.byId(page, Objects.requireNonNull(rayId, "rayId"));
        } catch (InvalidRowException refused) {
            return refused(operation, refused, rayId);
        }
        return read(
                operation,
                query.apply(start.id(), page.size() + 1L),
                rows -> slice(rows, page, row -> Cursor.ofId(row.id())),
                rayId);
    }

    /** The page among rows of which one more was looked for, to know whether there is a next page. */
    static <R extends Row> Slice<R> slice(List<R> rows, Page page, Function<R, String> after) {
        return rows.size() > page.size()
                ? new Slice<>(rows.subList(0, page.size()), after.apply(rows.get(page.size() - 1)))
                : new Slice<>(rows, null);
    }

    final <Q, R> CompletableFuture<R> read(
            String operation, SqlQuery<Q> query, Function<List<Q>, R> answer, RayId rayId) {
        return send(new SqlRead<>(
                query,
                answer,
                SqlRead.Reach.SOME_ROWS,
                rayId,
                engine.listening().future(operation, name, rayId)));
    }

    /** Sends a read that is a part of a larger call. */
    final <Q, R> CompletableFuture<R> readPart(SqlQuery<Q> query, Function<List<Q>, R> answer, RayId rayId) {
        return send(SqlRead.of(query, answer, rayId));
    }

    private <R> CompletableFuture<R> send(SqlRead<?, R> read) {
        engine.read(List.of(read));
        return read.future();
    }

    /** Answers a call that is refused as it stands. */
    final <R> CompletableFuture<R> refused(String operation, RuntimeException why, RayId rayId) {
        return engine.listening().refused(operation, name, rayId, why);
    }

    /** Sends one write, unless an argument is refused. */
    final <R> CompletableFuture<R> checked(
            String operation, Consumer<RayId> check, Supplier<SqlWrite<R>> call, RayId rayId) {
        try {
            check.accept(Objects.requireNonNull(rayId, "rayId"));
        } catch (InvalidRowException refused) {
            return refused(operation, refused, rayId);
        }
        return write(operation, call.get(), rayId);
    }

    final SqlWrite<Void> deleting(String subject, String text, Object key) {
        return deleting(subject, SqlStep.ifThere(text, key));
    }

    final SqlWrite<Void> deleting(String subject, SqlStep step) {
        return SqlTransition.unconditional(name, subject, List.of(step), done -> null, null);
    }

    /** The row that the first statement returned. */
    static <R> R returned(Class<R> type, List<SqlStep.Done> done) {
        return type.cast(done.get(0).returned().get(0));
    }
}
