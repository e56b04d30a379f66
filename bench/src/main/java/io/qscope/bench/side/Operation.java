package io.qscope.bench.side;

import java.util.Locale;

/** What is measured. */
public enum Operation {
    /** An access token is found by its value, with the state of its root, as introspection does. */
    LOOKUP,
    /** A new access token is stored. */
    INSERT,
    /** A code is looked up, then consumed with an access token, a refresh token and an audit entry stored, all or nothing. */
    REDEEM,
    /** A refresh token is looked up, then rotated with its successor, an access token and an audit entry stored. */
    REFRESH,
    /** Of 20 calls 16 are lookups, 2 inserts, one redeems and one refreshes. */
    MIXED;

    private static final int CYCLE = 20;
    private static final int REDEEMS_AT = 6;
    private static final int REFRESHES_AT = 16;
    private static final int INSERTS_EVERY = 10;

    /** A word for options and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the nth call of {@link #MIXED} does. */
    static Operation mixed(long n) {
        int place = (int) (n % CYCLE);
        if (place == REDEEMS_AT) {
            return REDEEM;
        }
        if (place == REFRESHES_AT) {
            return REFRESH;
        }
        return place % INSERTS_EVERY == 0 ? INSERT : LOOKUP;
    }

    /** How many of so many calls of {@link #MIXED} redeem; at most. */
    static long redeemed(long calls) {
        return calls / CYCLE + 1;
    }
}
