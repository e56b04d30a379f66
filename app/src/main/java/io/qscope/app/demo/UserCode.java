package io.qscope.app.demo;

import io.qscope.model.TokenDigest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A code that a person types (RFC 8628 §6.1): short, so that a plain digest could be guessed back. It is digested with a
 * key that the store never sees.
 */
record UserCode(String value, TokenDigest digest) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int LENGTH = 8;
    private static final int KEY_BYTES = 32;

    /** A random code under a key of its own. */
    static UserCode random(String keyId) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            code.append(i == LENGTH / 2 ? "-" : "").append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new UserCode(code.toString(), TokenDigest.of(hmac(key, code.toString()), keyId));
    }

    /** The first letters only. */
    @Override
    public String toString() {
        return value.substring(0, 2) + "…";
    }

    private static byte[] hmac(byte[] key, String value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HmacSHA256, which the platform requires", e);
        }
    }
}
