package io.qscope.spring;

import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;

/** What the adapter answers where Spring's own checks saw nothing. Spring's endpoints make OAuth errors of them. */
final class Refusals {

    private static final String SLOW_DOWN = "slow_down";
    private static final String DEVICE_ERRORS = "https://datatracker.ietf.org/doc/html/rfc8628#section-3.5";
    private static final String TOKEN_ERRORS = "https://datatracker.ietf.org/doc/html/rfc6749#section-5.2";
    private static final String REQUEST_ERRORS = "https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2.1";

    private Refusals() {}

    /** Somebody else was first (RFC 6749 §5.2). */
    static OAuth2AuthenticationException invalidGrant(String description) {
        return new OAuth2AuthenticationException(
                new OAuth2Error(OAuth2ErrorCodes.INVALID_GRANT, description, TOKEN_ERRORS));
    }

    /** What is saved was loaded before somebody else saved it. */
    static OAuth2AuthenticationException changedMeanwhile() {
        return invalidGrant("The authorization was changed since it was loaded.");
    }

    /** A request was used before. Of a kind that the authorization endpoint knows, and answers itself: it redirects nobody. */
    static OAuth2AuthenticationException usedRequest() {
        OAuth2Error error = new OAuth2Error(
                OAuth2ErrorCodes.INVALID_REQUEST,
                "The authorization request was used, or is no longer good.",
                REQUEST_ERRORS);
        return new OAuth2AuthorizationCodeRequestAuthenticationException(error, null);
    }

    /** RFC 8628 §3.5. */
    static OAuth2AuthenticationException slowDown() {
        return new OAuth2AuthenticationException(new OAuth2Error(SLOW_DOWN, null, DEVICE_ERRORS));
    }

    /** A server's generator made a value that it had made before, as may happen with user codes. */
    static OAuth2AuthenticationException valueTaken() {
        return new OAuth2AuthenticationException(new OAuth2Error(
                OAuth2ErrorCodes.SERVER_ERROR, "A generated code was in use; repeat the request.", TOKEN_ERRORS));
    }
}
