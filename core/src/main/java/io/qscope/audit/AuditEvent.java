package io.qscope.audit;

/**
 * What an entry of the audit log tells of: the values of its {@code eventType} that qscope itself writes. An application may
 * write others. {@code subject} is the id of what it happened to, unless said otherwise.
 */
public enum AuditEvent {
    /** A storage with an audit key began a chain: its first entry. The metadata names the heads of other chains. */
    CHAIN_OPENED("audit.chain_opened"),
    /** A storage was closed: the last entry of its chain. */
    CHAIN_CLOSED("audit.chain_closed"),

    /** A client was registered (RFC 6749 §2). */
    CLIENT_REGISTERED("client.registered"),
    /** A client's registration was changed; the metadata names the fields. */
    CLIENT_UPDATED("client.updated"),
    /** A client may be used again. */
    CLIENT_ENABLED("client.enabled"),
    /** A client may not be used, nor what was issued to it, until it is enabled again. */
    CLIENT_DISABLED("client.disabled"),
    /** A client has a new secret; the metadata says until when the one before is accepted. */
    CLIENT_SECRET_ROTATED("client.secret_rotated"),
    /** A client's secret was hashed anew, by today's scheme, when it was presented. */
    CLIENT_SECRET_UPGRADED("client.secret_upgraded"),
    /** A client was deleted with all that descended from it. */
    CLIENT_DELETED("client.deleted"),

    /** An authorization code was issued (RFC 6749 §4.1.2); subject: its authorization. */
    CODE_ISSUED("code.issued"),
    /** An authorization code was redeemed for tokens (RFC 6749 §4.1.3); subject: its authorization. */
    CODE_REDEEMED("code.redeemed"),
    /** An authorization code was presented again (RFC 9700 §4.5); its family is revoked. Subject: the authorization. */
    CODE_REPLAYED("code.replayed"),

    /** A client was given an access token for itself (RFC 6749 §4.4); subject: the token's id. */
    CLIENT_TOKEN_ISSUED("token.issued_to_client"),
    /** A refresh token was rotated for new tokens (RFC 6749 §6); subject: its authorization. */
    TOKEN_REFRESHED("token.refreshed"),
    /** A rotated refresh token was presented again (RFC 9700 §4.14.2); its family is revoked. Subject: the authorization. */
    REFRESH_TOKEN_REPLAYED("token.refresh_replayed"),
    /** An access token was revoked (RFC 7009); subject: the token's id. */
    ACCESS_TOKEN_REVOKED("token.access_revoked"),
    /** A refresh token was revoked and its family with it (RFC 7009 §2.1); subject: the authorization. */
    REFRESH_TOKEN_REVOKED("token.refresh_revoked"),

    /** A device asked for codes (RFC 8628 §3.2); subject: its authorization. */
    DEVICE_CODE_ISSUED("device.code_issued"),
    /** Codes that met others' of the same value were taken back before anybody was given them; subject: the authorization. */
    DEVICE_CODE_WITHDRAWN("device.code_withdrawn"),
    /**
     * A user code was typed in, right or wrong; it counts against the limit of whoever typed it. Told up to the limit, and once beyond
     * it. No subject.
     */
    USER_CODE_PRESENTED("device.user_code_presented"),
    /** A user approved a device (RFC 8628 §3.3); subject: the authorization. */
    DEVICE_APPROVED("device.approved"),
    /** A user refused a device (RFC 8628 §3.3); subject: the authorization. */
    DEVICE_DENIED("device.denied"),
    /** A device code was redeemed for tokens (RFC 8628 §3.5); subject: the authorization. */
    DEVICE_CODE_REDEEMED("device.redeemed"),
    /** A redeemed device code was presented again; its family is revoked. Subject: the authorization. */
    DEVICE_CODE_REPLAYED("device.replayed"),

    /** A user consented to scopes for a client; subject: the consent. */
    CONSENT_GRANTED("consent.granted"),
    /** A user's consent was withdrawn; subject: the consent. */
    CONSENT_REVOKED("consent.revoked"),

    /** A family was revoked by somebody in charge; subject: the authorization. */
    AUTHORIZATION_REVOKED("authorization.revoked"),
    /** All that was granted to a client was revoked, and its own access tokens; the client itself stays as it is. */
    CLIENT_REVOKED("client.revoked"),
    /** All that a user granted was revoked. No subject. */
    USER_REVOKED("user.revoked"),
    /** An account was made for a user; subject: the account, as of all events of an account. */
    USER_CREATED("user.created"),
    /** A user was given another password. */
    USER_PASSWORD_CHANGED("user.password_changed"),
    /** A user's password was hashed by today's scheme, when it was presented. */
    USER_PASSWORD_UPGRADED("user.password_upgraded"),
    /** A user may sign in again. */
    USER_ENABLED("user.enabled"),
    /** A user may not sign in. */
    USER_DISABLED("user.disabled"),
    /** A password was presented; the metadata says how many under the same limit. No subject. */
    USER_SIGN_IN_PRESENTED("user.sign_in_presented"),
    /** A user signed in. */
    USER_SIGNED_IN("user.signed_in"),
    /** All of a user's rows were deleted: a request for erasure. The metadata says how many. */
    USER_ERASED("user.erased"),

    /** Rows of no more use were deleted; the metadata says how many of which. No subject. */
    PURGED("storage.purged"),
    /** A key that nothing needs any more was taken out of the ring. Its subject is the key's id. */
    KEY_RETIRED("key.retired");

    private final String type;

    AuditEvent(String type) {
        this.type = type;
    }

    /** The value of {@code eventType}. */
    public String type() {
        return type;
    }

    /** The value of {@code eventType}. */
    @Override
    public String toString() {
        return type;
    }
}
