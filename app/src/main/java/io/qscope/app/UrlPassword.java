package io.qscope.app;

import java.util.regex.Pattern;

/** Passwords in URLs of storages: before the host, and in parameters as any driver writes them. */
final class UrlPassword {

    private static final String LEFT_OUT = "...";

    /** Up to the last {@code @}, since a password may hold one, and a slash, whatever a URL ought to be. */
    private static final Pattern BEFORE_HOST = Pattern.compile("(://[^/@\\s:]*):\\S*@");

    private static final Pattern PARAMETER =
            Pattern.compile("((?:^|[?&;\\s])[\\w.-]*(?:password|passwd|pwd)=)[^&;\\s]*", Pattern.CASE_INSENSITIVE);

    private UrlPassword() {}

    /** A text with the passwords of URLs in it left out. */
    static String leftOutOf(String text) {
        String parameters = PARAMETER.matcher(text).replaceAll("$1" + LEFT_OUT);
        return BEFORE_HOST.matcher(parameters).replaceAll("$1:" + LEFT_OUT + "@");
    }

    /** Whether a URL holds one. */
    static boolean isIn(String url) {
        return !leftOutOf(url).equals(url);
    }
}
