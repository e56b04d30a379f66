package io.qscope.service;

import io.qscope.model.RayId;
import io.qscope.result.FailedResult;

/** The codes by which a service refuses: OAuth's own, and a few for what OAuth has no words for. */
public enum ServiceError {
    /** Malformed, or a parameter is missing (RFC 6749 §5.2). */
    INVALID_REQUEST("invalid_request", 400),
    /** The client is unknown, disabled, or did not authenticate (RFC 6749 §5.2). */
    INVALID_CLIENT("invalid_client", 401),
    /** The code or token is invalid, expired, revoked or another client's, or does not match the request (RFC 6749 §5.2). */
    INVALID_GRANT("invalid_grant", 400),
    /** The client may not use this grant or response type (RFC 6749 §5.2). */
    UNAUTHORIZED_CLIENT("unauthorized_client", 400),
    /** The scope is unknown, or more than was granted (RFC 6749 §5.2). */
    INVALID_SCOPE("invalid_scope", 400),
    /** The user said no (RFC 6749 §4.1.2.1, RFC 8628 §3.5). */
    ACCESS_DENIED("access_denied", 400),
    /** The user has not decided yet (RFC 8628 §3.5). */
    AUTHORIZATION_PENDING("authorization_pending", 400),
    /** As before, and the device asks too often: five seconds more between two polls from now on (RFC 8628 §3.5). */
    SLOW_DOWN("slow_down", 400),
    /** The device code is too old; the device starts over (RFC 8628 §3.5). */
    EXPIRED_TOKEN("expired_token", 400),
    /** Too busy; the same request may succeed later (RFC 6749 §4.1.2.1). */
    TEMPORARILY_UNAVAILABLE("temporarily_unavailable", 503),

    /** What the operator named is not there. */
    NOT_FOUND("NOT_FOUND", 404),
    /** It exists already, or was changed meanwhile. */
    CONFLICT("CONFLICT", 409),
    /** What the operator asked for is not allowed; the message says why. */
    INVALID("INVALID", 400),
    /** Whoever signs in is not known by that name and password. */
    INVALID_CREDENTIALS("INVALID_CREDENTIALS", 401),
    /** Too many wrong tries; the message says when to try again. */
    TOO_MANY_ATTEMPTS("TOO_MANY_ATTEMPTS", 429);

    private final String code;
    private final int status;

    ServiceError(String code, int status) {
        this.code = code;
        this.status = status;
    }

    /** The error code. */
    public String code() {
        return code;
    }

    /** The HTTP status that says the same. */
    public int status() {
        return status;
    }

    /**
     * A refusal for this reason.
     *
     * @param message for people: what happened and what to do; never a secret
     */
    public <T> FailedResult<T> because(String message, RayId rayId) {
        return new FailedResult<>(status, code, message, rayId);
    }
}
