package io.qscope.store;

/**
 * How many rows {@link Storage#purge} deleted. Fewer than its limit in all means that nothing was left to delete.
 *
 * @param accessTokens access tokens
 * @param refreshTokens refresh tokens
 * @param authorizationCodes authorization codes
 * @param deviceCodes device codes
 * @param idTokens ID tokens
 * @param authorizationRequests authorization requests
 * @param authorizations roots without children
 * @param consents revoked consents
 * @param throttles counters whose window is over
 */
public record Purged(
        int accessTokens,
        int refreshTokens,
        int authorizationCodes,
        int deviceCodes,
        int idTokens,
        int authorizationRequests,
        int authorizations,
        int consents,
        int throttles) {

    /** Rows deleted in all. */
    public int total() {
        return accessTokens
                + refreshTokens
                + authorizationCodes
                + deviceCodes
                + idTokens
                + authorizationRequests
                + authorizations
                + consents
                + throttles;
    }
}
