package io.qscope.result;

import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.BaseTable;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.InvalidRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.StorageUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Any table in the specification's wrapped form: every call answers with a {@link Result}, and no future fails. The error
 * codes are {@code NOT_FOUND} (404), {@code DUPLICATE} (409), {@code STALE} (409), {@code MISSING_REFERENCE} (409), {@code
 * REVOKED} (409), {@code INVALID} (400), {@code APPEND_ONLY} (405), {@code UNAVAILABLE} (503), and for whatever else breaks
 * {@code INSERT_FAILED}, {@code GET_FAILED}, {@code UPDATE_FAILED}, {@code DELETE_FAILED} (500).
 *
 * @param <T> the row
 */
public final class ResultTable<T extends Row> {

    private final BaseTable<T> table;

    private ResultTable(BaseTable<T> table) {
        this.table = table;
    }

    /** Wraps a table. */
    public static <T extends Row> ResultTable<T> of(BaseTable<T> table) {
        return new ResultTable<>(table);
    }

    /** {@link BaseTable#insert}: 201, or why not. */
    public CompletableFuture<Result<Void>> insert(T row, RayId rayId) {
        return wrapped(table.insert(row, rayId), 201, "INSERT_FAILED", rayId);
    }

    /** {@link BaseTable#getById}: 200 with the row, {@code NOT_FOUND} when there is none. */
    public CompletableFuture<Result<T>> getById(String id, RayId rayId) {
        return table.getById(id, rayId).handle((row, error) -> {
            if (error != null) {
                return failed(error, "GET_FAILED", rayId);
            }
            return row.<Result<T>>map(found -> new SuccessResult<>(found, 200, rayId))
                    .orElseGet(() -> new FailedResult<>(404, "NOT_FOUND", "There is no such row.", rayId));
        });
    }

    /** {@link BaseTable#update}: 204, or why not. */
    public CompletableFuture<Result<Void>> update(T row, RayId rayId) {
        return wrapped(table.update(row, rayId), 204, "UPDATE_FAILED", rayId);
    }

    /** {@link BaseTable#deleteById}: 204, also when there was none. */
    public CompletableFuture<Result<Void>> deleteById(String id, RayId rayId) {
        return wrapped(table.deleteById(id, rayId), 204, "DELETE_FAILED", rayId);
    }

    private static CompletableFuture<Result<Void>> wrapped(
            CompletableFuture<Void> call, int status, String otherwise, RayId rayId) {
        return call.handle((done, error) ->
                error == null ? new SuccessResult<>(null, status, rayId) : failed(error, otherwise, rayId));
    }

    private static <R> Result<R> failed(Throwable thrown, String otherwise, RayId rayId) {
        Throwable error =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (error instanceof DuplicateRowException) {
            return new FailedResult<>(409, "DUPLICATE", "A row with the same key exists already.", rayId);
        }
        if (error instanceof StaleRowException) {
            return new FailedResult<>(409, "STALE", "The row was changed meanwhile; read it again.", rayId);
        }
        if (error instanceof RowNotFoundException) {
            return new FailedResult<>(404, "NOT_FOUND", "There is no such row.", rayId);
        }
        if (error instanceof MissingReferenceException) {
            return new FailedResult<>(409, "MISSING_REFERENCE", "The row refers to one that does not exist.", rayId);
        }
        if (error instanceof RevokedAuthorizationException) {
            return new FailedResult<>(409, "REVOKED", "The authorization is revoked.", rayId);
        }
        if (error instanceof InvalidRowException) {
            return new FailedResult<>(400, "INVALID", "The row changes what may not change.", rayId);
        }
        if (error instanceof StorageUnavailableException) {
            return new FailedResult<>(503, "UNAVAILABLE", "The storage does not answer now; try again.", rayId);
        }
        if (error instanceof UnsupportedOperationException) {
            return new FailedResult<>(405, "APPEND_ONLY", "The audit log is append-only.", rayId);
        }
        return new FailedResult<>(500, otherwise, "The storage could not do this.", rayId);
    }
}
