package io.qscope.app.demo;

import io.qscope.model.TokenDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** A code or token as its holder has it. The store sees its digest, a reader of the demo its first characters. */
record Secret(String value) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;
    private static final int SHOWN = 6;

    /** 256 random bits. */
    static Secret random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** What the store holds of it. */
    TokenDigest digest() {
        return TokenDigest.sha256(value);
    }

    /** The first characters only: too few to be of use to anyone. */
    @Override
    public String toString() {
        return value.substring(0, SHOWN) + "…";
    }
}
