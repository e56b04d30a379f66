package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.Attempt;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RevokeOutcome.AlreadyRevoked;
import io.qscope.store.RevokeOutcome.Revoked;
import io.qscope.store.RevokeOutcome.Unknown;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What revoking tokens, families, and all that a client or user has promises. */
abstract class RevocationContract extends ContractGroup {

    private static final Instant LATER = NOW.plusMillis(7);

    RevocationContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void revokingAnAccessTokenMarksTheRow() {
        AccessToken token = rows().storedAccessToken();
        Attempt attempt = attempt(LATER);

        RevokeOutcome<AccessToken> outcome = await(accessTokens().revoke(token.token(), attempt, ray()));

        AccessToken revoked = token.toBuilder()
                .version(2)
                .revokedAt(LATER)
                .updatedAt(LATER)
                .updatedBy(BY)
                .build();
        assertThat(outcome).isEqualTo(new Revoked<>(revoked));
        assertThat(outcome.won()).isTrue();
        assertThat(row(accessTokens(), token.id())).isEqualTo(revoked);
    }

    @Test
    void revokingARefreshTokenMarksTheRowAndNotItsFamily() {
        RefreshToken token = rows().storedRefreshToken();
        Authorization root = row(storage().authorizations(), token.authorizationId());
        RefreshToken relative = rows().stored(rows().refreshToken(root));
        Attempt attempt = attempt(LATER);

        RevokeOutcome<RefreshToken> outcome = await(refreshTokens().revoke(token.token(), attempt, ray()));

        RefreshToken revoked = token.toBuilder()
                .version(2)
                .revokedAt(LATER)
                .updatedAt(LATER)
                .updatedBy(BY)
                .build();
        assertThat(outcome).isEqualTo(new Revoked<>(revoked));
        assertThat(row(refreshTokens(), token.id())).isEqualTo(revoked);
        assertThat(row(refreshTokens(), relative.id())).isEqualTo(relative);
        assertThat(row(storage().authorizations(), root.id())).isEqualTo(root);
    }

    @Test
    void revokingAgainChangesNothingAndTheFirstMomentStays() {
        AccessToken access = rows().storedAccessToken();
        RefreshToken refresh = rows().storedRefreshToken();
        Authorization root = rows().storedAuthorization();
        await(accessTokens().revoke(access.token(), attempt(NOW), ray()));
        await(refreshTokens().revoke(refresh.token(), attempt(NOW), ray()));
        await(storage().authorizations().revoke(root.id(), attempt(NOW), ray()));
        AccessToken storedAccess = row(accessTokens(), access.id());
        RefreshToken storedRefresh = row(refreshTokens(), refresh.id());
        Authorization storedRoot = row(storage().authorizations(), root.id());

        assertThat(await(accessTokens().revoke(access.token(), attempt(LATER), ray())))
                .isEqualTo(new AlreadyRevoked<>(storedAccess));
        assertThat(await(refreshTokens().revoke(refresh.token(), attempt(LATER), ray())))
                .isEqualTo(new AlreadyRevoked<>(storedRefresh));
        assertThat(await(storage().authorizations().revoke(root.id(), attempt(LATER), ray())))
                .isEqualTo(new AlreadyRevoked<>(storedRoot));

        assertThat(row(accessTokens(), access.id())).isEqualTo(storedAccess);
        assertThat(row(refreshTokens(), refresh.id())).isEqualTo(storedRefresh);
        assertThat(row(storage().authorizations(), root.id())).isEqualTo(storedRoot);
        assertThat(storedRoot.revokedAt()).isEqualTo(NOW);
    }

    @Test
    void repeatingARevocationIsAnsweredAgainAndWritesNothing() {
        AccessToken access = rows().storedAccessToken();
        RefreshToken refresh = rows().storedRefreshToken();
        Authorization root = rows().storedAuthorization();
        Attempt one = attempt(NOW);
        Attempt two = attempt(NOW);
        Attempt three = attempt(NOW);
        var first = await(accessTokens().revoke(access.token(), one, ray()));
        var second = await(refreshTokens().revoke(refresh.token(), two, ray()));
        var third = await(storage().authorizations().revoke(root.id(), three, ray()));

        assertThat(await(accessTokens().revoke(access.token(), one, ray()))).isEqualTo(first);
        assertThat(await(refreshTokens().revoke(refresh.token(), two, ray()))).isEqualTo(second);
        assertThat(await(storage().authorizations().revoke(root.id(), three, ray())))
                .isEqualTo(third);
        assertThat(row(accessTokens(), access.id()).version()).isEqualTo(2);
        assertThat(row(refreshTokens(), refresh.id()).version()).isEqualTo(2);
        assertThat(row(storage().authorizations(), root.id()).version()).isEqualTo(2);
    }

    @Test
    void revokingWhatIsNotThereIsUnknown() {
        assertThat(await(accessTokens().revoke(rows().digest(), attempt(NOW), ray())))
                .isEqualTo(new Unknown<>());
        assertThat(await(refreshTokens().revoke(rows().digest(), attempt(NOW), ray())))
                .isEqualTo(new Unknown<>());
        assertThat(await(storage().authorizations().revoke(rows().id(), attempt(NOW), ray())))
                .isEqualTo(new Unknown<>());
    }

    @Test
    void anExpiredOrRotatedTokenMayBeRevoked() {
        AccessToken access = rows().storedAccessToken();
        RefreshToken refresh = rows().stored(rows().refreshToken(rows().storedAuthorization()).toBuilder()
                .rotatedAt(NOW)
                .build());

        assertThat(await(accessTokens().revoke(access.token(), attempt(EXPIRY), ray())))
                .isInstanceOf(Revoked.class);
        assertThat(await(refreshTokens().revoke(refresh.token(), attempt(EXPIRY), ray())))
                .isInstanceOf(Revoked.class);
    }

    @Test
    void revokingARootMarksThatRowAlone() {
        Authorization root = rows().storedAuthorization();
        Attempt attempt = attempt(LATER);

        RevokeOutcome<Authorization> outcome = await(storage().authorizations().revoke(root.id(), attempt, ray()));

        Authorization revoked = root.toBuilder()
                .version(2)
                .revokedAt(LATER)
                .updatedAt(LATER)
                .updatedBy(BY)
                .build();
        assertThat(outcome).isEqualTo(new Revoked<>(revoked));
        assertThat(row(storage().authorizations(), root.id())).isEqualTo(revoked);
        assertThat(revoked.isLive()).isFalse();
    }

    @Test
    void revokingAClientMarksItsRootsAndItsTokensThatStandAlone() {
        OAuthClient client = rows().storedClient();
        Authorization root = rows().stored(rows().authorization(client));
        Authorization dead = rows().stored(
                        rows().authorization(client).toBuilder().revokedAt(NOW).build());
        AccessToken inFamily = rows().stored(rows().accessToken(root));
        AccessToken alone = rows().stored(rows().accessToken(client));
        AccessToken foreign = rows().stored(rows().accessToken(rows().storedClient()));

        RevokeCount count = await(storage().authorizations().revokeByClient(client.id(), attempt(LATER), ray()));

        assertThat(count).isEqualTo(new RevokeCount(1, 1, 0));
        assertThat(count.won()).isTrue();
        assertThat(row(storage().authorizations(), root.id()))
                .isEqualTo(root.toBuilder()
                        .version(2)
                        .revokedAt(LATER)
                        .updatedAt(LATER)
                        .updatedBy(BY)
                        .build());
        assertThat(row(storage().authorizations(), dead.id())).isEqualTo(dead);
        assertThat(row(accessTokens(), inFamily.id()))
                .isEqualTo(inFamily.toBuilder().authorizationRevokedAt(LATER).build());
        assertThat(row(accessTokens(), alone.id()))
                .isEqualTo(alone.toBuilder()
                        .version(2)
                        .revokedAt(LATER)
                        .updatedAt(LATER)
                        .updatedBy(BY)
                        .build());
        assertThat(row(accessTokens(), foreign.id())).isEqualTo(foreign);
    }

    @Test
    void revokingAUserMarksTheirRootsAndTheirTokensThatStandAlone() {
        OAuthClient client = rows().storedClient();
        String user = rows().user();
        Authorization mine = rows().stored(
                        rows().authorization(client).toBuilder().userId(user).build());
        Authorization elsewhere = rows().stored(rows().authorization(rows().storedClient()).toBuilder()
                .userId(user)
                .build());
        Authorization theirs = rows().stored(rows().authorization(client));
        AccessToken alone = rows().stored(
                        rows().accessToken(client).toBuilder().userId(user).build());
        AccessToken clientsOwn = rows().stored(rows().accessToken(client));

        RevokeCount count = await(storage().authorizations().revokeByUser(user, attempt(LATER), ray()));

        assertThat(count).isEqualTo(new RevokeCount(2, 1, 0));
        assertThat(row(storage().authorizations(), mine.id()).revokedAt()).isEqualTo(LATER);
        assertThat(row(storage().authorizations(), elsewhere.id()).revokedAt()).isEqualTo(LATER);
        assertThat(row(storage().authorizations(), theirs.id())).isEqualTo(theirs);
        assertThat(row(accessTokens(), alone.id()).revokedAt()).isEqualTo(LATER);
        assertThat(row(accessTokens(), clientsOwn.id())).isEqualTo(clientsOwn);
    }

    @Test
    void bulkRevocationsReportWhatTheyThenDid() {
        OAuthClient client = rows().storedClient();
        Authorization root = rows().stored(rows().authorization(client));
        rows().stored(rows().accessToken(client));
        Attempt attempt = attempt(NOW);
        assertThat(await(storage().authorizations().revokeByClient(client.id(), attempt, ray())))
                .isEqualTo(new RevokeCount(1, 1, 0));

        assertThat(await(storage().authorizations().revokeByClient(client.id(), attempt, ray())))
                .isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(await(storage().authorizations().revokeByClient(rows().id(), attempt(LATER), ray())))
                .isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(await(storage().authorizations().revokeByUser(rows().user(), attempt(LATER), ray())))
                .isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(row(storage().authorizations(), root.id()).revokedAt()).isEqualTo(NOW);
    }

    private AccessTokenTable accessTokens() {
        return storage().accessTokens();
    }

    private RefreshTokenTable refreshTokens() {
        return storage().refreshTokens();
    }
}
