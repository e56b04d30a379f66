package io.qscope.store;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Clients. {@code clientIdentifier}, secrets and {@code config} are ordinary fields that {@link #update} may change. */
public interface ClientTable extends BaseTable<OAuthClient> {

    /**
     * Reads a client by its public {@code client_id} (RFC 6749 §2.2).
     *
     * @return the client, enabled or not; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<OAuthClient>> getByClientIdentifier(String clientIdentifier, RayId rayId);

    /**
     * Lists clients, ordered by id.
     *
     * @return the page; fails with {@link InvalidRowException} when it starts after what no page of this listing ended
     *     with, and as {@link #getById}
     */
    CompletableFuture<Slice<OAuthClient>> list(Page page, RayId rayId);
}
