package io.qscope.store;

import io.qscope.model.RayId;
import io.qscope.model.Row;
import java.util.concurrent.CompletableFuture;

/**
 * What every table does whose rows descend from an authorization.
 *
 * @param <T> the row
 */
public interface FamilyTable<T extends Row> extends BaseTable<T> {

    /**
     * Lists the rows of this table that descend from an authorization, dead ones too, ordered by id.
     *
     * @return the page, empty when there is none; fails with {@link InvalidRowException} when it starts after what no page
     *     of this listing ended with, and as {@link #getById}
     */
    CompletableFuture<Slice<T>> listByAuthorization(String authorizationId, Page page, RayId rayId);
}
