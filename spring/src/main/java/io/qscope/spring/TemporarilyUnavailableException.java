package io.qscope.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

/**
 * The storage cannot serve a request now. To Spring Security's endpoints it is the OAuth error {@code temporarily_unavailable}
 * (RFC 6749 §4.1.2.1); the filter of the auto-configuration makes 503 with {@code Retry-After} (RFC 9110 §15.6.4) of the answer.
 * The client may repeat its request.
 */
public final class TemporarilyUnavailableException extends OAuth2AuthenticationException {

    private static final long serialVersionUID = 1L;

    /** The error's code. */
    public static final String ERROR_CODE = "temporarily_unavailable";

    private final boolean outcomeUnknown;

    TemporarilyUnavailableException(String problem, boolean outcomeUnknown, @Nullable Throwable cause) {
        // What the client is told says nothing of the storage.
        super(
                new OAuth2Error(ERROR_CODE, "The server cannot serve the request now; repeat it later.", null),
                problem,
                cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    /** Whether what was to be written may have been written. False: it was not. */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
