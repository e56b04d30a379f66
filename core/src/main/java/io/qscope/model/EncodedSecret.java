package io.qscope.model;

import java.util.regex.Pattern;

/**
 * A client's secret or a user's password as it may be stored: hashed, with the scheme in front. A type of its own so that it is never printed.
 *
 * @param value {@code {scheme}value}, at most {@value Limits#ENCODED_SECRET} characters
 */
public record EncodedSecret(String value) {

    private static final Pattern FORM = Pattern.compile("\\{[A-Za-z0-9_.@-]{1,40}}.+");

    /** @throws IllegalArgumentException when the value has no {@code {scheme}} in front, which plain text would not */
    public EncodedSecret {
        Fields.text("secret", value, Limits.ENCODED_SECRET);
        if (!FORM.matcher(value).matches()) {
            throw Fields.refused("secret", "must be encoded as {scheme}value, never plain text");
        }
    }

    /** The scheme, without its braces. */
    public String scheme() {
        return value.substring(1, value.indexOf('}'));
    }

    /** The scheme alone. */
    @Override
    public String toString() {
        return "{" + scheme() + "}…";
    }
}
