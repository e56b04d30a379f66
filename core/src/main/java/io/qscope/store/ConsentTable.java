package io.qscope.store;

import io.qscope.model.Consent;
import io.qscope.model.RayId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What users let clients have. Of the consents that are not revoked there is at most one for a client and a user: {@link
 * #insert} of a second one fails with {@link DuplicateRowException}, whose key is {@value #LIVE_KEY}. Rows that are inserted
 * revoked, from another server, are history and count for nothing.
 *
 * <p>{@link #update} may change the scopes. It cannot give a consent to another client or user, nor revive a revoked one.
 *
 * <p>A consent and the authorizations granted on its strength are revoked each for themselves; a unit of work does both.
 */
public interface ConsentTable extends BaseTable<Consent> {

    /** The key of which a second live consent is a duplicate. */
    String LIVE_KEY = "clientId and userId";

    /**
     * Reads the consent that a user has given a client and not taken back.
     *
     * @return the live one; empty when there is none, or revoked ones only; fails as {@link #getById}
     */
    CompletableFuture<Optional<Consent>> getByClientAndUser(String clientId, String userId, RayId rayId);

    /**
     * Lists a user's consents, revoked ones too, ordered by id.
     *
     * @return the page, empty when there is none; fails with {@link InvalidRowException} when it starts after what no page
     *     of this listing ended with, and as {@link #getById}
     */
    CompletableFuture<Slice<Consent>> listByUser(String userId, Page page, RayId rayId);

    /**
     * Takes a consent back, for good. From then on the user may consent anew, by a new row.
     *
     * <p>Absence: {@code Unknown}. Repeat: {@code AlreadyRevoked}, and the first {@code revokedAt} stays; by the same
     * attempt {@code Revoked}. Concurrency: one of any number wins; nothing undoes it.
     *
     * @return what was found; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<RevokeOutcome<Consent>> revoke(String id, Attempt attempt, RayId rayId);
}
