package io.qscope.service;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes the values that are handed out once and kept as digests. */
final class Secrets {

    /** 256 bits: nothing to guess (RFC 6749 §10.10 asks for 128). */
    private static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** A new random value, 43 characters of {@code A-Z a-z 0-9 - _}. */
    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
