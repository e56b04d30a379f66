package io.qscope.service;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token request with an authorization code (RFC 6749 §4.1.3). It prints nothing of what it holds.
 *
 * @param code as presented
 * @param redirectUri as sent; none when none was
 * @param codeVerifier as sent (RFC 7636 §4.5); none when none was
 */
public record CodeRedemption(
        String code, @Nullable String redirectUri, @Nullable String codeVerifier) {

    /** The code may not be null. */
    public CodeRedemption {
        Objects.requireNonNull(code, "code");
    }

    /** Without the code and the verifier. */
    @Override
    public String toString() {
        return "redemption of a code, redirect URI " + redirectUri;
    }
}
