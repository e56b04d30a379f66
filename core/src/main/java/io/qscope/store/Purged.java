package io.qscope.store;

/**
 * How many rows {@link Storage#purge} deleted. Fewer than its limit in all means that nothing was left to delete.
 *
 * @param accessTokens access tokens
 * @param refreshTokens refresh tokens
 * @param authorizationCodes authorization codes
 * @param deviceCodes device codes
 * @param authorizations roots without children
 * @param consents revoked consents
 * @param throttles counters whose window is over
 */
public record Purged(
        int accessTokens,
        int refreshTokens,
        int authorizationCodes,
        int deviceCodes,
        int authorizations,
        int consents,
        int throttles) {

    /** Rows deleted in all. */
    public int total() {
        return accessTokens + refreshTokens + authorizationCodes + deviceCodes + authorizations + consents + throttles;
    }
}
