package io.qscope.app;

import java.util.regex.Pattern;

/** Passwords in URLs of storages: before the host, and in parameters as any driver writes them. */
final class UrlPassword {

    private static final String LEFT_OUT = "...";

    /**
     * From the first colon to the last {@code @} before another URL, since a name and a password may each hold one, and the password
     * a slash or a space, whatever a URL ought to be. A file's path may hold all of them.
     */
    private static final Pattern BEFORE_HOST =
            Pattern.compile("((?:://|^(?!sqlite:)[a-z]\\w*:)[^/\\s:]*):(?:(?!://).)*@", Pattern.CASE_INSENSITIVE);

    private static final Pattern PARAMETER = Pattern.compile(
            "((?:^|[?&;\\s])[\\w.-]*(?:password|passwd|pass|pwd|secret|token)=)[^&;\\s]*", Pattern.CASE_INSENSITIVE);

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
