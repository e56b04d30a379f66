package io.qscope.key;

import io.qscope.model.TokenDigest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret with a name. For each {@link Purpose} a key of its own is derived from it (HKDF-Expand with HMAC-SHA-256, RFC 5869
 * §2.3), so that a digest of one purpose says nothing about another's. Immutable; safe for any number of threads; never prints
 * its secret.
 */
public final class Key {

    /** Fewest bytes of a secret. */
    public static final int LEAST_BYTES = 32;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final String HMAC = "HmacSHA256";
    private static final byte ONLY_BLOCK = 1;

    private final String id;
    private final byte[] secret;
    private final Map<Purpose, SecretKeySpec> derived = new EnumMap<>(Purpose.class);

    private Key(String id, byte[] secret) {
        this.id = id;
        this.secret = secret;
        for (Purpose purpose : Purpose.values()) {
            derived.put(purpose, new SecretKeySpec(expand(secret, purpose), HMAC));
        }
    }

    /**
     * A key made elsewhere.
     *
     * @param id 1 to 64 of {@code A-Z a-z 0-9 . _ : -}; it stands beside what was made with the key, and is no secret
     * @param secret at least {@value #LEAST_BYTES} random bytes, copied
     * @throws IllegalArgumentException when either has another form
     */
    public static Key of(String id, byte[] secret) {
        if (!ID.matcher(Objects.requireNonNull(id, "id")).matches()) {
            throw new IllegalArgumentException("a key's id must be 1 to 64 of A-Z a-z 0-9 . _ : -");
        }
        if (secret.length < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "key " + id + " must have at least " + LEAST_BYTES + " bytes, has " + secret.length);
        }
        return new Key(id, secret.clone());
    }

    /** A new random key of {@value #LEAST_BYTES} bytes. */
    public static Key generate(String id) {
        byte[] secret = new byte[LEAST_BYTES];
        new SecureRandom().nextBytes(secret);
        return of(id, secret);
    }

    /** Its name. */
    public String id() {
        return id;
    }

    /**
     * HMAC-SHA-256 by the key derived for a purpose.
     *
     * @return 32 bytes
     */
    public byte[] mac(Purpose purpose, byte[] data) {
        return hmac(Objects.requireNonNull(derived.get(purpose)), data);
    }

    /** {@link #mac} of the text's UTF-8 bytes, with this key's id beside it. */
    public TokenDigest digest(Purpose purpose, String text) {
        return TokenDigest.of(mac(purpose, text.getBytes(StandardCharsets.UTF_8)), id);
    }

    /** The line that stands for it in a key ring's text: to be written where only its owner can read. */
    String line() {
        return id + " " + Base64.getEncoder().encodeToString(secret);
    }

    /** The id only. */
    @Override
    public String toString() {
        return "key " + id;
    }

    private static byte[] expand(byte[] secret, Purpose purpose) {
        byte[] info = ("qscope " + purpose.label()).getBytes(StandardCharsets.UTF_8);
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = ONLY_BLOCK;
        return hmac(new SecretKeySpec(secret, HMAC), block);
    }

    private static byte[] hmac(SecretKeySpec key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks " + HMAC + ", which the platform requires", e);
        }
    }
}
