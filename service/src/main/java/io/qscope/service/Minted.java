package io.qscope.service;

import io.qscope.model.AccessToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.RowIds;
import io.qscope.store.Attempt;
import io.qscope.store.UnitOfWork;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * New tokens, in plain text for the client and as rows for the store. Made once a request, and kept across the tries of its unit
 * of work, since a repeat carries the same rows.
 *
 * @param client whom they are for
 * @param accessToken the access token
 * @param accessRow its row
 * @param refreshToken the refresh token; none where the client gets none, or keeps the one it has
 * @param refreshRow its row
 */
record Minted(
        OAuthClient client,
        String accessToken,
        AccessToken accessRow,
        @Nullable String refreshToken,
        @Nullable RefreshToken refreshRow) {

    /**
     * What tokens are for.
     *
     * @param userId none: the client itself
     * @param authorizationId none: they stand alone
     */
    record Grant(@Nullable String userId, @Nullable String authorizationId, Map<String, Object> metadata) {}

    /** An access token alone. */
    static Minted accessToken(
            ServiceContext context,
            OAuthClient client,
            Grant grant,
            Set<String> scopes,
            @Nullable String refreshTokenId,
            Attempt attempt) {
        String value = Secrets.next();
        AccessToken row = Refusal.unlessInvalid(() -> AccessToken.builder()
                .id(RowIds.next())
                .token(context.tokens.digest(value))
                .clientId(client.id())
                .userId(grant.userId())
                .authorizationId(grant.authorizationId())
                .refreshTokenId(refreshTokenId)
                .scopes(scopes)
                .expiresAt(attempt.at().plus(client.config().accessTokenTtl()))
                .metadata(grant.metadata())
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build());
        return new Minted(client, value, row, null, null);
    }

    /** The tokens that begin a family: with a refresh token if the client may use one. */
    static Minted family(
            ServiceContext context,
            OAuthClient client,
            String userId,
            String authorizationId,
            Set<String> scopes,
            Map<String, Object> metadata,
            Attempt attempt) {
        Grant grant = new Grant(userId, authorizationId, metadata);
        if (!client.grantTypes().contains(GrantType.REFRESH_TOKEN.value())) {
            return accessToken(context, client, grant, scopes, null, attempt);
        }
        return withRefreshToken(context, client, grant, scopes, scopes, null, attempt);
    }

    /**
     * The tokens that follow a refresh token.
     *
     * @param scopes of the access token; the new refresh token has its predecessor's (RFC 6749 §6)
     */
    static Minted successors(
            ServiceContext context, OAuthClient client, RefreshToken previous, Set<String> scopes, Attempt attempt) {
        Grant grant = new Grant(previous.userId(), previous.authorizationId(), previous.metadata());
        return withRefreshToken(context, client, grant, scopes, previous.scopes(), previous.id(), attempt);
    }

    private static Minted withRefreshToken(
            ServiceContext context,
            OAuthClient client,
            Grant grant,
            Set<String> accessScopes,
            Set<String> refreshScopes,
            @Nullable String predecessorId,
            Attempt attempt) {
        String value = Secrets.next();
        Duration ttl = client.config().refreshTokenTtl();
        RefreshToken row = RefreshToken.builder()
                .id(RowIds.next())
                .token(context.tokens.digest(value))
                .clientId(client.id())
                .userId(grant.userId())
                .authorizationId(Objects.requireNonNull(grant.authorizationId()))
                .predecessorId(predecessorId)
                .scopes(refreshScopes)
                .expiresAt(ttl == null ? null : attempt.at().plus(ttl))
                .metadata(grant.metadata())
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build();
        Minted access = accessToken(context, client, grant, accessScopes, row.id(), attempt);
        return new Minted(client, access.accessToken, access.accessRow, value, row);
    }

    /**
     * Adds the access token to a unit, and the FIFO limit of its client and user: room is made for it first, so that it is never
     * the one that goes, whatever the clocks of other processes said when theirs were made.
     */
    void insertAccessToken(UnitOfWork unit) {
        Integer most = client.config().maxActiveAccessTokens();
        if (most != null) {
            unit.revokeOldestAccessTokens(client.id(), accessRow.userId(), most - 1);
        }
        unit.insert(accessRow);
    }

    /** Adds the tokens that begin a family to a unit, with their limits. One that replaces another needs no room. */
    void insertFamily(UnitOfWork unit) {
        if (refreshRow != null) {
            Integer most = client.config().maxActiveRefreshTokens();
            if (most != null) {
                unit.revokeOldestRefreshTokens(client.id(), accessRow.userId(), most - 1);
            }
            unit.insert(refreshRow);
        }
        insertAccessToken(unit);
    }

    /** What an audit entry tells of them. */
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("access_token_id", accessRow.id());
        if (refreshRow != null) {
            told.put("refresh_token_id", refreshRow.id());
        }
        told.put("scope", Scopes.told(accessRow.scopes()));
        return told;
    }

    /** The response. */
    IssuedTokens issued() {
        return issued(refreshToken);
    }

    /** The response, with a refresh token that the client has already. */
    IssuedTokens issued(@Nullable String shownRefreshToken) {
        return new IssuedTokens(
                accessToken,
                client.config().accessTokenTtl(),
                shownRefreshToken,
                accessRow.scopes(),
                client.clientIdentifier(),
                accessRow.userId(),
                accessRow.authorizationId(),
                accessRow.id(),
                accessRow.metadata());
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "tokens " + told();
    }
}
