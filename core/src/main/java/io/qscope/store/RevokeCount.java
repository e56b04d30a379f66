package io.qscope.store;

/**
 * How many rows a bulk revocation marked. A repeat reports what the repeat did.
 *
 * @param authorizations roots marked, each with its whole family
 * @param accessTokens access tokens marked themselves
 * @param refreshTokens refresh tokens marked themselves
 */
public record RevokeCount(int authorizations, int accessTokens, int refreshTokens) implements Outcome {

    /** Always: a bulk revocation cannot lose. */
    @Override
    public boolean won() {
        return true;
    }
}
