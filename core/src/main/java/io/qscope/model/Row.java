package io.qscope.model;

import java.time.Instant;

/** What every stored row has. */
public sealed interface Row
        permits AccessToken,
                AuditLog,
                Authorization,
                AuthorizationCode,
                AuthorizationRequest,
                Consent,
                DeviceCode,
                IdToken,
                OAuthClient,
                RefreshToken,
                SigningKey,
                UserAccount {

    /** The key of its table: not blank, at most {@value Limits#ID} characters; {@link RowIds#next()} when you have none. */
    String id();

    /**
     * How often the row was written: 0 before it is stored, 1 when inserted, one more with every write, transitions
     * included. An update succeeds only on the version it was read with.
     */
    long version();

    /** When the row was made, by its maker's clock. */
    Instant createdAt();

    /** Who made the row. */
    String createdBy();

    /** When the row was last written, by the writer's clock. */
    Instant updatedAt();

    /** Who wrote the row last. */
    String updatedBy();
}
