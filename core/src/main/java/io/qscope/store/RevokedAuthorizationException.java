package io.qscope.store;

import io.qscope.model.RayId;

/** A row was to be inserted under a root that is revoked. */
public final class RevokedAuthorizationException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** For engines. */
    public RevokedAuthorizationException(TableName table, String id, String authorizationId, RayId rayId) {
        super(
                table + " " + id + ": its authorization " + authorizationId + " is revoked; the user has to grant anew",
                rayId);
    }
}
