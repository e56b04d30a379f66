package io.qscope.service;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Proof Key for Code Exchange (RFC 7636), as RFC 9700 §2.1.1 and §4.8.2 want it. */
final class Pkce {

    static final String S256 = "S256";
    static final String PLAIN = "plain";

    /** RFC 7636 §4.1: 43 to 128 unreserved characters; §4.2: a challenge has the same form. */
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    /** A SHA-256 in base64url without padding. */
    private static final Pattern S256_CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private Pkce() {}

    /**
     * The method of a request's challenge: {@code plain} where none is named (RFC 7636 §4.3).
     *
     * @return none when there is no challenge
     * @throws Refusal when the client has to send one, or sent one that is malformed or of a method that it may not use
     */
    static @Nullable String method(OAuthClient client, @Nullable String challenge, @Nullable String method) {
        ClientConfig config = client.config();
        if (challenge == null) {
            if (method != null) {
                throw Refusal.invalidRequest("code_challenge_method without code_challenge (RFC 7636 §4.3)");
            }
            if (config.requirePkce() || !client.isConfidential()) {
                throw Refusal.invalidRequest("code_challenge is missing; this client must send one (RFC 7636 §4.4.1)");
            }
            return null;
        }
        String named = method == null ? PLAIN : method;
        boolean known = named.equals(S256) || named.equals(PLAIN);
        if (!known || !config.pkceMethods().contains(named)) {
            throw Refusal.invalidRequest("transform algorithm not supported; use code_challenge_method "
                    + String.join(" or ", config.pkceMethods()) + " (RFC 7636 §4.4.1)");
        }
        if (!(named.equals(S256) ? S256_CHALLENGE : VERIFIER).matcher(challenge).matches()) {
            throw Refusal.invalidRequest("code_challenge is malformed (RFC 7636 §4.2)");
        }
        return named;
    }

    /**
     * Checks a verifier against the challenge that its code was issued with, in constant time (RFC 7636 §4.6).
     *
     * @throws Refusal when it does not match, is missing, or was sent for a code without a challenge: somebody may have taken
     *     the challenge out of the request (RFC 9700 §4.8.2)
     */
    static void verify(AuthorizationCode code, @Nullable String verifier) {
        String challenge = code.codeChallenge();
        if (challenge == null) {
            if (verifier != null) {
                throw Refusal.invalidGrant(
                        "code_verifier was sent, and the code was issued without a challenge (RFC 9700 §4.8.2)");
            }
            return;
        }
        if (verifier == null) {
            throw Refusal.invalidGrant("code_verifier is missing (RFC 7636 §4.5)");
        }
        if (!VERIFIER.matcher(verifier).matches()) {
            throw Refusal.invalidGrant("code_verifier is malformed (RFC 7636 §4.1)");
        }
        String expected = PLAIN.equals(code.codeChallengeMethod()) ? verifier : challenge(verifier);
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), challenge.getBytes(StandardCharsets.US_ASCII))) {
            throw Refusal.invalidGrant("code_verifier does not match the challenge (RFC 7636 §4.6)");
        }
    }

    /** The challenge of a verifier by the method {@code S256} (RFC 7636 §4.2). */
    static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which the platform requires", e);
        }
    }
}
