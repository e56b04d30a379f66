package io.qscope.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds of a code or token instead of the value: 32 bytes from which the value cannot be found again.
 *
 * <p>The caller, who minted the value, digests it: a plain SHA-256 is enough for a random value of 128 bits or more, since
 * there is nothing to guess; a value that people type (a user code) wants an HMAC with a key held outside the store,
 * which {@link #keyId()} then names. Keys of a table are unique by the bytes alone, and lookups compare the bytes; the
 * key id rides along. Immutable; compared in constant time.
 */
public final class TokenDigest {

    /** Bytes of every digest. */
    public static final int LENGTH = 32;

    private static final int SHOWN_BYTES = 4;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final byte[] bytes;
    private final @Nullable String keyId;

    private TokenDigest(byte[] bytes, @Nullable String keyId) {
        this.bytes = bytes;
        this.keyId = keyId;
    }

    /**
     * Wraps a digest made elsewhere.
     *
     * @param bytes 32 bytes, copied
     * @param keyId the key that the digest was made with, 1 to 64 of {@code A-Z a-z 0-9 . _ : -}; none for plain SHA-256
     * @throws IllegalArgumentException when either has another form
     */
    public static TokenDigest of(byte[] bytes, @Nullable String keyId) {
        if (bytes.length != LENGTH) {
            throw Fields.refused("digest", "must have " + LENGTH + " bytes, has " + bytes.length);
        }
        if (keyId != null && !KEY_ID.matcher(keyId).matches()) {
            throw Fields.refused("keyId", "must be 1 to 64 of A-Z a-z 0-9 . _ : -");
        }
        return new TokenDigest(bytes.clone(), keyId);
    }

    /**
     * The SHA-256 of the value's UTF-8 bytes.
     *
     * @param secret a code or token with at least 128 random bits; it is not kept
     */
    public static TokenDigest sha256(String secret) {
        byte[] utf8 = Objects.requireNonNull(secret, "secret").getBytes(StandardCharsets.UTF_8);
        try {
            return new TokenDigest(MessageDigest.getInstance("SHA-256").digest(utf8), null);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which the platform requires", e);
        }
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The key that the digest was made with; none for plain SHA-256. */
    public @Nullable String keyId() {
        return keyId;
    }

    /** Whether both have the same bytes, whatever their keys' names: what a lookup asks. Constant time. */
    public boolean sameBytes(TokenDigest other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** Equal bytes and equal key id. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenDigest that && sameBytes(that) && Objects.equals(keyId, that.keyId);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The first eight hex digits only, enough to tell two apart in a log and too few to look anything up by. */
    @Override
    public String toString() {
        return "digest " + HexFormat.of().formatHex(bytes, 0, SHOWN_BYTES) + "…"
                + (keyId == null ? "" : " (key " + keyId + ")");
    }
}
