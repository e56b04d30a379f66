package io.qscope.sql;

import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.FamilyTable;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * What the tables share whose rows descend from an authorization.
 *
 * @param <T> the row
 */
abstract class SqlFamilyTable<T extends Row> extends SqlTable<T> implements FamilyTable<T> {

    /**
     * A page of a family, as {@link #pageOf}, of what is selected of the row {@code t} with its root {@code r}. The root is found
     * by itself: were it joined, PostgreSQL might go through all roots up to this one.
     */
    static String inFamily(String select) {
        return select.replace("r.id = t.authorization_id", "r.id = $1")
                + " WHERE (t.authorization_id, t.id) > ($1, $2) AND t.authorization_id <= $1"
                + " ORDER BY t.authorization_id, t.id LIMIT $3";
    }

    SqlFamilyTable(TableName name, SqlEngine engine) {
        super(name, engine);
    }

    /** The rows of a family after an id, and at most so many. */
    abstract SqlQuery<T> listingFamily(String authorizationId, String after, long limit);

    @Override
    public CompletableFuture<Slice<T>> listByAuthorization(String authorizationId, Page page, RayId rayId) {
        Objects.requireNonNull(authorizationId, "authorizationId");
        return readPage(
                "listByAuthorization", (after, limit) -> listingFamily(authorizationId, after, limit), page, rayId);
    }
}
