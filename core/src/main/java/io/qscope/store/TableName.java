package io.qscope.store;

/** The tables, by the names that schemas and error messages use. */
public enum TableName {
    /** Clients. */
    CLIENTS("oauth_clients"),
    /** Roots of families. */
    AUTHORIZATIONS("oauth_authorizations"),
    /** Authorization codes. */
    AUTHORIZATION_CODES("oauth_authorization_codes"),
    /** Access tokens. */
    ACCESS_TOKENS("oauth_access_tokens"),
    /** Refresh tokens. */
    REFRESH_TOKENS("oauth_refresh_tokens"),
    /** Device codes. */
    DEVICE_CODES("oauth_device_codes"),
    /** ID tokens. */
    ID_TOKENS("oauth_id_tokens"),
    /** Authorization requests that wait for their answer. */
    AUTHORIZATION_REQUESTS("oauth_authorization_requests"),
    /** What users let clients have. */
    CONSENTS("oauth_consents"),
    /** Keys that servers sign with. */
    SIGNING_KEYS("oauth_signing_keys"),
    /** Users who can sign in. */
    USERS("oauth_users"),
    /** Counters. They have keys and no ids. */
    THROTTLES("oauth_throttles"),
    /** The audit log. */
    AUDIT_LOG("oauth_audit_log");

    private final String sqlName;

    TableName(String sqlName) {
        this.sqlName = sqlName;
    }

    /** The table's name in a schema. */
    @Override
    public String toString() {
        return sqlName;
    }
}
