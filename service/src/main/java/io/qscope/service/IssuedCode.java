package io.qscope.service;

import java.time.Duration;
import java.util.Set;

/**
 * An authorization response (RFC 6749 §4.1.2). It does not print the code.
 *
 * @param code the code
 * @param redirectUri where the response goes
 * @param expiresIn how long it lives
 * @param scopes what it was issued for
 * @param authorizationId the family that begins with it
 */
public record IssuedCode(
        String code, String redirectUri, Duration expiresIn, Set<String> scopes, String authorizationId) {

    /** Without the code. */
    @Override
    public String toString() {
        return "code for authorization " + authorizationId + ", scopes " + scopes;
    }
}
