package io.qscope.store;

import io.qscope.model.RayId;
import io.qscope.model.SigningKey;
import java.util.concurrent.CompletableFuture;

/**
 * Keys that servers sign with: few, and read as a whole. {@link #update} may retire one, say when it is published no more, and store its
 * private part sealed anew. Servers that start at once may each insert one: all of them are published, and the newest signs.
 */
public interface SigningKeyTable extends BaseTable<SigningKey> {

    /**
     * Lists keys, retired ones too, ordered by id.
     *
     * @return the page; fails with {@link InvalidRowException} when it starts after what no page of this listing ended
     *     with, and as {@link #getById}
     */
    CompletableFuture<Slice<SigningKey>> list(Page page, RayId rayId);
}
