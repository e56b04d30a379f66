package io.qscope.spring;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** {@code application/x-www-form-urlencoded}, in a way that queries understand too. */
final class Forms {

    private Forms() {}

    /** Names and values, by turns. */
    static String encoded(String... namesAndValues) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(namesAndValues[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8)
                            .replace("+", "%20"));
        }
        return form.toString();
    }

    /** Two lists of them as one. */
    static String[] joined(String[] some, String... more) {
        String[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
