package io.qscope.audit;

/**
 * What an entry is to its chain. It is part of what is hashed, so that an application's entry with the event type of an
 * opening or a closing opens and closes nothing.
 */
enum AuditRole {
    /** Any entry but the next two. */
    ENTRY(0),
    /** The first one. */
    OPENING(1),
    /** The last one. */
    CLOSING(2);

    private final int code;

    AuditRole(int code) {
        this.code = code;
    }

    /** How it is encoded: it never changes, or nothing hashed before could be verified. */
    int code() {
        return code;
    }
}
