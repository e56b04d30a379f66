package io.qscope.audit;

import java.time.Instant;
import java.util.Objects;

/**
 * What one key has hashed of a log. A key that was retired and goes on hashing is in the hands of somebody else.
 *
 * @param keyId the key
 * @param entries how many entries it hashed, of those that are what was written
 * @param newest the latest {@code createdAt} among them: their makers' clocks, or whatever a forger wrote
 */
public record AuditKeyUse(String keyId, long entries, Instant newest) {

    /** Checks that nothing is missing. */
    public AuditKeyUse {
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(newest, "newest");
    }

    AuditKeyUse and(Instant at) {
        return new AuditKeyUse(keyId, entries + 1, at.isAfter(newest) ? at : newest);
    }
}
