package io.qscope.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts values that are to be read again, which digests cannot be: AES-256-GCM (NIST SP 800-38D) by the ring's writing key,
 * opened by any readable one. A sealed value is bound to where it belongs: moved to another row or field it does not open.
 *
 * <p>The text is {@code v1.<key id>.<base64url>}, of a nonce of 24 random bytes and the ciphertext with its tag. The first half of
 * the nonce derives a key for the value alone (HMAC-SHA-256 by the key of {@link Purpose#SEALING}), the second half is GCM's
 * nonce: so a ring's key may seal without a limit that anybody would reach. The length of a value is not hidden.
 *
 * <p>Rotation: put a new key first. What was sealed by the old one is read for as long as the ring has it, and sealed by the new
 * one when it is next written. Safe for any number of threads.
 */
public final class Sealer {

    private static final String VERSION = "v1";
    private static final String PREFIX = VERSION + ".";
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final byte[] LABEL = "AES-256-GCM".getBytes(StandardCharsets.US_ASCII);
    private static final int HALF_NONCE = 12;
    private static final int NONCE = 2 * HALF_NONCE;
    private static final int TAG = 16;
    private static final int BITS = 8;

    private final Supplier<KeyRing> keys;
    private final SecureRandom random = new SecureRandom();

    /** By that ring, asked for anew each time. */
    public Sealer(Supplier<KeyRing> keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
    }

    /** Whether a text has the form of a sealed one, of this or a later version. No text that {@link #seal} made lacks it. */
    public static boolean isSealed(String text) {
        return keyIdAt(text) > 0;
    }

    /** The id of the key that a sealed text needs; empty when the text is not sealed. */
    public static Optional<String> keyId(String text) {
        int start = keyIdAt(text);
        return start > 0 ? Optional.of(text.substring(start, text.lastIndexOf('.'))) : Optional.empty();
    }

    /**
     * Seals a text.
     *
     * @param belongsTo what it belongs to, such as a row's id and a field: {@link #open} has to be told the same
     * @return {@code v1.…}, another one each time
     */
    public String seal(String text, String belongsTo) {
        Key key = keys.get().writing();
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] ciphertext;
        try {
            ciphertext =
                    cipher(Cipher.ENCRYPT_MODE, key, nonce, belongsTo).doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw withoutPlatform(e);
        }
        byte[] whole = Arrays.copyOf(nonce, NONCE + ciphertext.length);
        System.arraycopy(ciphertext, 0, whole, NONCE, ciphertext.length);
        return PREFIX + key.id() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @param belongsTo what it belongs to, as it was sealed
     * @return the text
     * @throws SealException when it is not sealed, of another version, by a key that the ring lacks, changed, or moved from
     *     elsewhere; the message says which
     */
    public String open(String sealed, String belongsTo) {
        String id = keyId(sealed).orElseThrow(() -> new SealException("the value is not sealed"));
        if (!sealed.startsWith(PREFIX)) {
            throw new SealException("the value is sealed in version " + sealed.substring(0, sealed.indexOf('.'))
                    + ", and this release opens " + VERSION + " only");
        }
        Key key = keys.get()
                .key(id)
                .orElseThrow(() -> new SealException("the value is sealed by key " + id
                        + ", which the key ring lacks; add it again as a readable one"));
        byte[] whole = bytes(sealed.substring(sealed.lastIndexOf('.') + 1));
        try {
            byte[] text =
                    cipher(Cipher.DECRYPT_MODE, key, whole, belongsTo).doFinal(whole, NONCE, whole.length - NONCE);
            return new String(text, StandardCharsets.UTF_8);
        } catch (AEADBadTagException e) {
            throw new SealException("the value sealed by key " + id
                    + " does not open: it was changed, moved from where it belongs, or another key has that id");
        } catch (GeneralSecurityException e) {
            throw withoutPlatform(e);
        }
    }

    /** Where the key's id starts; 0 when the text is not sealed. A key's id may have dots, what follows it has none. */
    private static int keyIdAt(String text) {
        int first = text.indexOf('.');
        boolean sealed = first > 1
                && text.charAt(0) == 'v'
                && text.substring(1, first).chars().allMatch(c -> c >= '0' && c <= '9')
                && text.lastIndexOf('.') > first + 1;
        return sealed ? first + 1 : 0;
    }

    private static byte[] bytes(String base64) {
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new SealException("the sealed value is no base64url: it was changed");
        }
        if (whole.length < NONCE + TAG) {
            throw new SealException("the sealed value is too short: it was changed");
        }
        return whole;
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, String belongsTo) throws GeneralSecurityException {
        byte[] input = Arrays.copyOf(LABEL, LABEL.length + HALF_NONCE);
        System.arraycopy(nonce, 0, input, LABEL.length, HALF_NONCE);
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(
                mode,
                new SecretKeySpec(key.mac(Purpose.SEALING, input), "AES"),
                new GCMParameterSpec(TAG * BITS, nonce, HALF_NONCE, HALF_NONCE));
        cipher.updateAAD((PREFIX + key.id() + "." + belongsTo).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static IllegalStateException withoutPlatform(GeneralSecurityException e) {
        return new IllegalStateException(
                "this Java runtime lacks " + TRANSFORMATION + ", which the platform requires", e);
    }
}
