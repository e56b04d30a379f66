package io.qscope.spring;

/**
 * What stands in an authorization for the values that are not stored: of which row it is the value. No lookup takes one for a
 * value, and a save knows its row by it.
 */
final class Placeholders {

    /** No generator's alphabet has a colon, so no value of a server's own begins like this. */
    private static final String PREFIX = "qscope:placeholder:";

    private static final String OF_USER_CODE = ":user";

    private Placeholders() {}

    static String of(String rowId) {
        return PREFIX + rowId;
    }

    /** A device code's row has two values. */
    static String ofUserCode(String rowId) {
        return PREFIX + rowId + OF_USER_CODE;
    }

    static boolean is(String value) {
        return value.startsWith(PREFIX);
    }
}
