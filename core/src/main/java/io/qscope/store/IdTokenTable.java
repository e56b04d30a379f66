package io.qscope.store;

import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * ID tokens (OpenID Connect Core 1.0 §2). {@link #update} may change the metadata alone. They are revoked by their root, as the
 * family is.
 */
public interface IdTokenTable extends FamilyTable<IdToken> {

    /**
     * Reads a token by its digest, for one that is presented again.
     *
     * @return as {@link #getById}
     */
    CompletableFuture<Optional<IdToken>> getByToken(TokenDigest token, RayId rayId);

    /**
     * Reads the family of a token by the token's digest, at one moment.
     *
     * @return the family as {@link Family} says; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<Family>> getFamily(TokenDigest token, RayId rayId);
}
