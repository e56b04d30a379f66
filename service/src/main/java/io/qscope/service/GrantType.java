package io.qscope.service;

/** The grants that the services know, by the names that clients are registered with. */
public enum GrantType {
    /** RFC 6749 §4.1. */
    AUTHORIZATION_CODE("authorization_code"),
    /** RFC 6749 §6: whether a client is given refresh tokens, and may use them. */
    REFRESH_TOKEN("refresh_token"),
    /** RFC 6749 §4.4. */
    CLIENT_CREDENTIALS("client_credentials"),
    /** RFC 8628 §3.4. */
    DEVICE_CODE("urn:ietf:params:oauth:grant-type:device_code");

    private final String value;

    GrantType(String value) {
        this.value = value;
    }

    /** The value of {@code grant_type}. */
    public String value() {
        return value;
    }

    /** The value of {@code grant_type}. */
    @Override
    public String toString() {
        return value;
    }
}
