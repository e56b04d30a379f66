package io.qscope.model;

import java.time.Instant;

/** The bounds that rows check themselves against, the same on every engine. Lengths count UTF-16 characters. */
public final class Limits {

    /** Longest id of a row, and longest reference to one. */
    public static final int ID = 100;

    /** Longest ray id. */
    public static final int RAY_ID = 64;

    /** Longest name of a person or program: user ids, subjects, {@code createdBy}, {@code updatedBy}. */
    public static final int NAME = 255;

    /** Longest public client identifier (RFC 6749 §2.2 leaves the size to the server). */
    public static final int CLIENT_IDENTIFIER = 255;

    /** Longest encoded client secret. */
    public static final int ENCODED_SECRET = 500;

    /** Longest URI. */
    public static final int URI = 2_000;

    /** Longest single scope, grant type, response type, PKCE method, event type or key id. */
    public static final int TOKEN = 255;

    /** Most elements of a set or list of a row. */
    public static final int ELEMENTS = 200;

    /** Most characters of a metadata or attribute map, keys and strings together, numbers and booleans counted as 20. */
    public static final int METADATA = 16_000;

    /** Deepest nesting of a metadata or attribute map, the map itself counted. */
    public static final int METADATA_DEPTH = 8;

    /** Longest code challenge (RFC 7636 §4.2). */
    public static final int CODE_CHALLENGE = 128;

    /** Longest part of a signing key, as JSON or sealed. */
    public static final int KEY = 20_000;

    /** Earliest instant that a row holds. */
    public static final Instant EARLIEST = Instant.EPOCH;

    /** Latest instant that a row holds. */
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Limits() {}
}
