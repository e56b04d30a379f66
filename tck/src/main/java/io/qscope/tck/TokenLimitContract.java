package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.Attempt;
import io.qscope.store.InvalidRowException;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.RevokeCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What limits of live tokens promise: the oldest go first. */
abstract class TokenLimitContract extends ContractGroup {

    private static final Instant LATER = NOW.plusSeconds(60);

    TokenLimitContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void theOldestAccessTokensBeyondTheLimitAreRevoked() {
        Authorization root = rows().storedAuthorization();
        List<AccessToken> tokens = new ArrayList<>();
        for (int age : new int[] {3, 1, 4, 2}) {
            tokens.add(rows().stored(aged(rows().accessToken(root), age)));
        }

        assertThat(revokeOldestAccess(root.clientId(), root.userId(), 2)).isEqualTo(new RevokeCount(0, 2, 0));

        assertThat(tokens.stream()
                        .map(token -> row(accessTokens(), token.id()).revokedAt() == null)
                        .toList())
                .containsExactly(false, true, false, true);
        AccessToken oldest = tokens.get(2);
        assertThat(row(accessTokens(), oldest.id()))
                .isEqualTo(oldest.toBuilder()
                        .version(2)
                        .revokedAt(LATER)
                        .updatedAt(LATER)
                        .updatedBy(BY)
                        .build());
    }

    @Test
    void theOldestRefreshTokensBeyondTheLimitAreRevoked() {
        Authorization root = rows().storedAuthorization();
        RefreshToken newest = rows().stored(aged(rows().refreshToken(root), 1));
        RefreshToken oldest = rows().stored(aged(rows().refreshToken(root), 9));

        assertThat(revokeOldestRefresh(root.clientId(), root.userId(), 1)).isEqualTo(new RevokeCount(0, 0, 1));

        assertThat(row(refreshTokens(), newest.id())).isEqualTo(newest);
        assertThat(row(refreshTokens(), oldest.id()).revokedAt()).isEqualTo(LATER);
    }

    @Test
    void amongTokensOfOneMomentTheIdsDecide() {
        Authorization root = rows().storedAuthorization();
        String id = rows().id();
        AccessToken second =
                rows().stored(rows().accessToken(root).toBuilder().id(id + "b").build());
        AccessToken first =
                rows().stored(rows().accessToken(root).toBuilder().id(id + "a").build());

        revokeOldestAccess(root.clientId(), root.userId(), 1);

        assertThat(row(accessTokens(), first.id()).revokedAt()).isNotNull();
        assertThat(row(accessTokens(), second.id()).revokedAt()).isNull();
    }

    @Test
    void onlyLiveTokensCount() {
        OAuthClient client = rows().storedClient();
        String user = rows().user();
        Authorization root = grantedBy(user, client);
        Authorization dead = grantedBy(user, client);
        AccessToken live = rows().stored(aged(rows().accessToken(root), 9));
        AccessToken expired = rows().stored(
                        rows().accessToken(root).toBuilder().expiresAt(LATER).build());
        AccessToken revoked = rows().stored(
                        rows().accessToken(root).toBuilder().revokedAt(NOW).build());
        AccessToken ofDead = rows().stored(rows().accessToken(dead));
        await(storage().authorizations().revoke(dead.id(), attempt(NOW), ray()));

        assertThat(revokeOldestAccess(client.id(), user, 1)).isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(row(accessTokens(), live.id())).isEqualTo(live);
        assertThat(revokeOldestAccess(client.id(), user, 0)).isEqualTo(new RevokeCount(0, 1, 0));
        assertThat(row(accessTokens(), expired.id()).revokedAt()).isNull();
        assertThat(row(accessTokens(), revoked.id()).revokedAt()).isEqualTo(NOW);
        assertThat(row(accessTokens(), ofDead.id()).revokedAt()).isNull();
    }

    @Test
    void rotatedAndExpiredRefreshTokensDoNotCountAndThoseWithoutExpiryDo() {
        Authorization root = rows().storedAuthorization();
        RefreshToken forever = rows().stored(aged(rows().refreshToken(root), 9).toBuilder()
                .expiresAt(null)
                .build());
        RefreshToken rotated = rows().stored(
                        rows().refreshToken(root).toBuilder().rotatedAt(NOW).build());
        RefreshToken expired = rows().stored(
                        rows().refreshToken(root).toBuilder().expiresAt(LATER).build());

        assertThat(revokeOldestRefresh(root.clientId(), root.userId(), 1)).isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(revokeOldestRefresh(root.clientId(), root.userId(), 0)).isEqualTo(new RevokeCount(0, 0, 1));
        assertThat(row(refreshTokens(), forever.id()).revokedAt()).isEqualTo(LATER);
        assertThat(row(refreshTokens(), rotated.id())).isEqualTo(rotated);
        assertThat(row(refreshTokens(), expired.id())).isEqualTo(expired);
    }

    @Test
    void tokensOfOtherUsersAndClientsStay() {
        OAuthClient client = rows().storedClient();
        Authorization root = grantedBy(rows().user(), client);
        AccessToken mine = rows().stored(rows().accessToken(root));
        AccessToken anotherUsers = rows().stored(rows().accessToken(grantedBy(rows().user(), client)));
        AccessToken clientsOwn = rows().stored(rows().accessToken(client));
        AccessToken elsewhere = rows().stored(rows().accessToken(rows().storedAuthorization()).toBuilder()
                .userId(root.userId())
                .build());

        assertThat(revokeOldestAccess(client.id(), root.userId(), 0)).isEqualTo(new RevokeCount(0, 1, 0));

        assertThat(row(accessTokens(), mine.id()).revokedAt()).isEqualTo(LATER);
        assertThat(row(accessTokens(), anotherUsers.id())).isEqualTo(anotherUsers);
        assertThat(row(accessTokens(), clientsOwn.id())).isEqualTo(clientsOwn);
        assertThat(row(accessTokens(), elsewhere.id())).isEqualTo(elsewhere);
    }

    @Test
    void withoutAUserTheClientsOwnTokensAreMeant() {
        OAuthClient client = rows().storedClient();
        AccessToken own = rows().stored(rows().accessToken(client));
        AccessToken users = rows().stored(rows().accessToken(grantedBy(rows().user(), client)));
        Authorization itself = rows().stored(
                        rows().authorization(client).toBuilder().userId(null).build());
        RefreshToken refresh = rows().stored(rows().refreshToken(itself));

        assertThat(revokeOldestAccess(client.id(), null, 0)).isEqualTo(new RevokeCount(0, 1, 0));
        assertThat(revokeOldestRefresh(client.id(), null, 0)).isEqualTo(new RevokeCount(0, 0, 1));

        assertThat(row(accessTokens(), own.id()).revokedAt()).isEqualTo(LATER);
        assertThat(row(accessTokens(), users.id())).isEqualTo(users);
        assertThat(row(refreshTokens(), refresh.id()).revokedAt()).isEqualTo(LATER);
    }

    @Test
    void aRepeatAndNothingToRevokeCountZero() {
        Authorization root = rows().storedAuthorization();
        rows().stored(rows().accessToken(root));
        rows().stored(rows().refreshToken(root));
        Attempt attempt = attempt(LATER);
        await(accessTokens().revokeOldest(root.clientId(), root.userId(), 0, attempt, ray()));

        assertThat(await(accessTokens().revokeOldest(root.clientId(), root.userId(), 0, attempt, ray())))
                .isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(revokeOldestAccess(rows().id(), rows().user(), 0)).isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(revokeOldestRefresh(root.clientId(), root.userId(), Integer.MAX_VALUE))
                .isEqualTo(new RevokeCount(0, 0, 0));
    }

    @Test
    void aNegativeNumberIsRefusedAndNothingIsRevoked() {
        AccessToken token = rows().storedAccessToken();
        RefreshToken refresh = rows().storedRefreshToken();

        failure(
                InvalidRowException.class,
                ray -> accessTokens().revokeOldest(token.clientId(), token.userId(), -1, attempt(LATER), ray));
        failure(
                InvalidRowException.class,
                ray -> refreshTokens().revokeOldest(refresh.clientId(), refresh.userId(), -1, attempt(LATER), ray));

        assertThat(row(accessTokens(), token.id())).isEqualTo(token);
        assertThat(row(refreshTokens(), refresh.id())).isEqualTo(refresh);
    }

    private Authorization grantedBy(String user, OAuthClient client) {
        return rows().stored(
                        rows().authorization(client).toBuilder().userId(user).build());
    }

    private AccessTokenTable accessTokens() {
        return storage().accessTokens();
    }

    private RefreshTokenTable refreshTokens() {
        return storage().refreshTokens();
    }

    private RevokeCount revokeOldestAccess(String clientId, @Nullable String userId, int keep) {
        return await(accessTokens().revokeOldest(clientId, userId, keep, attempt(LATER), ray()));
    }

    private RevokeCount revokeOldestRefresh(String clientId, @Nullable String userId, int keep) {
        return await(refreshTokens().revokeOldest(clientId, userId, keep, attempt(LATER), ray()));
    }

    private static AccessToken aged(AccessToken token, int milliseconds) {
        return token.toBuilder().createdAt(NOW.minusMillis(milliseconds)).build();
    }

    private static RefreshToken aged(RefreshToken token, int milliseconds) {
        return token.toBuilder().createdAt(NOW.minusMillis(milliseconds)).build();
    }
}
