package io.qscope.service;

import java.security.SecureRandom;
import java.util.Locale;

/**
 * The codes that people type (RFC 8628 §6.1): eight of twenty consonants, so that no words come about and no letter is taken for
 * another; shown in two groups, read without regard to case and punctuation.
 */
final class UserCodes {

    private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int LENGTH = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private UserCodes() {}

    /** A new random code, one of 25,600,000,000, in the form that is digested. */
    static String next() {
        StringBuilder code = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            code.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    /** As a person is shown it: {@code WDJB-MJHT}. */
    static String shown(String code) {
        return code.substring(0, LENGTH / 2) + "-" + code.substring(LENGTH / 2);
    }

    /** What a person typed, in the form that is digested: letters outside the alphabet cannot be part of a code. */
    static String normalized(String typed) {
        StringBuilder code = new StringBuilder(LENGTH);
        typed.toUpperCase(Locale.ROOT)
                .chars()
                .filter(c -> ALPHABET.indexOf(c) >= 0)
                .limit(LENGTH + 1L)
                .forEach(c -> code.append((char) c));
        return code.toString();
    }
}
