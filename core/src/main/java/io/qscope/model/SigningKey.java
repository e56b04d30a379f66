package io.qscope.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that a server signs its tokens with (RFC 7515), so that all instances of it sign with one and publish the same set (RFC 7517
 * §5). The private part is stored sealed, as {@code Sealer} makes it, by a key that is not in the database.
 *
 * <p>A new key takes over by being the newest, by {@code createdAt}, then id, that may sign. One that is retired signs no more, and is published for as long as
 * there are tokens that it signed.
 *
 * @param id the key's id, which tokens name as {@code kid} (RFC 7517 §4.5); see {@link Row#id()}
 * @param version see {@link Row#version()}; ignored by {@code insert}
 * @param algorithm what it signs by (RFC 7518 §3.1), such as {@code ES256}
 * @param publicKey the public part as a JWK's JSON, at most {@value Limits#KEY} characters
 * @param sealedKey the private part, sealed, at most {@value Limits#KEY} characters
 * @param retiredAt from when it signs no more; null while it may
 * @param expiresAt from when it is published no more; null while that is not known
 * @param createdAt when the row was made
 * @param createdBy who made it
 * @param updatedAt when it was last written; {@code createdAt} when left out
 * @param updatedBy who wrote it last; {@code createdBy} when left out
 */
@RowBuilder
public record SigningKey(
        String id,
        long version,
        String algorithm,
        String publicKey,
        String sealedKey,
        @Nullable Instant retiredAt,
        @Nullable Instant expiresAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Row {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public SigningKey {
        id = Fields.id("id", id);
        version = Fields.version(version);
        algorithm = Fields.text("algorithm", algorithm, Limits.TOKEN);
        publicKey = Fields.text("publicKey", publicKey, Limits.KEY);
        sealedKey = Fields.text("sealedKey", sealedKey, Limits.KEY);
        retiredAt = Fields.optionalInstant("retiredAt", retiredAt);
        expiresAt = Fields.optionalInstant("expiresAt", expiresAt);
        createdAt = Fields.instant("createdAt", createdAt);
        createdBy = Fields.name("createdBy", createdBy);
        updatedAt = Fields.instant("updatedAt", updatedAt == null ? createdAt : updatedAt);
        updatedBy = Fields.name("updatedBy", updatedBy == null ? createdBy : updatedBy);
    }

    /** A builder. */
    public static SigningKeyBuilder builder() {
        return SigningKeyBuilder.builder();
    }

    /** A builder that starts from this row. */
    public SigningKeyBuilder toBuilder() {
        return SigningKeyBuilder.builder(this);
    }

    /** Whether it may sign at that moment: it is not retired, and whoever verifies what it signs finds it published. */
    public boolean signs(Instant at) {
        return isPublished(at) && (retiredAt == null || at.isBefore(retiredAt));
    }

    /** Whether it is published at that moment: whoever verifies a token may need it. */
    public boolean isPublished(Instant at) {
        return expiresAt == null || at.isBefore(expiresAt);
    }

    /** Without the private part, sealed as it is. */
    @Override
    public String toString() {
        return "SigningKey[id=" + id + ", version=" + version + ", algorithm=" + algorithm + ", retiredAt=" + retiredAt
                + ", expiresAt=" + expiresAt + "]";
    }
}
