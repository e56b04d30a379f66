package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.store.BaseTable;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Purged;
import io.qscope.store.Storage;
import io.qscope.store.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a purge deletes and what it never touches. Each test has a storage of its own. */
abstract class PurgeContract extends ContractGroup {

    private static final Instant AFTER_EXPIRY = EXPIRY.plusMillis(1);
    private static final Instant LONG_AFTER = EXPIRY.plusSeconds(1_000_000);
    private static final int PLENTY = 100_000;
    private static final int MORE_THAN_A_SLICE = 1_050;
    private static final Purged NOTHING = new Purged(0, 0, 0, 0, 0, 0, 0, 0, 0);

    private Storage own;
    private Rows rows;

    PurgeContract(StorageContract kit) {
        super(kit);
        this.own = kit.storage();
        this.rows = rows();
    }

    @BeforeEach
    void openOwn() {
        own = empty();
        rows = rows(own);
    }

    @Test
    void whatExpiredBeforeIsDeletedAndTheMomentItselfIsNotBefore() {
        Authorization root = rows.storedAuthorization();
        AuthorizationCode code = rows.stored(rows.code(root));
        AccessToken access = rows.stored(rows.accessToken(root));
        RefreshToken refresh = rows.stored(rows.refreshToken(root));
        DeviceCode device = rows.stored(rows.deviceCode(root));
        IdToken idToken = rows.stored(rows.idToken(root));
        AuthorizationRequest request = rows.stored(rows.authorizationRequest(root));
        AuthorizationRequest used = rows.stored(
                rows.authorizationRequest(root).toBuilder().consumedAt(NOW).build());

        assertThat(purge(EXPIRY, PLENTY, EXPIRY)).isEqualTo(NOTHING);
        assertThat(row(own.accessTokens(), access.id())).isEqualTo(access);

        Purged purged = purge(AFTER_EXPIRY, PLENTY, EXPIRY);
        // The root goes in the same purge or in the next one: what must not happen is that it goes first.
        assertThat(purged.accessTokens()).isEqualTo(1);
        assertThat(purged.refreshTokens()).isEqualTo(1);
        assertThat(purged.authorizationCodes()).isEqualTo(1);
        assertThat(purged.deviceCodes()).isEqualTo(1);
        assertThat(purged.idTokens()).isEqualTo(1);
        assertThat(purged.authorizationRequests()).isEqualTo(2);
        gone(own.authorizationCodes(), code);
        gone(own.accessTokens(), access);
        gone(own.refreshTokens(), refresh);
        gone(own.deviceCodes(), device);
        gone(own.idTokens(), idToken);
        gone(own.authorizationRequests(), request);
        gone(own.authorizationRequests(), used);
    }

    @Test
    void anEmptyStorageHasNothingToPurge() {
        assertThat(purge(LONG_AFTER, PLENTY, LONG_AFTER)).isEqualTo(NOTHING);
    }

    @Test
    void aTokenThatStandsAloneIsPurgedToo() {
        AccessToken alone = rows.stored(rows.accessToken(rows.storedClient()));

        assertThat(purge(AFTER_EXPIRY, PLENTY, EXPIRY)).isEqualTo(new Purged(1, 0, 0, 0, 0, 0, 0, 0, 0));
        gone(own.accessTokens(), alone);
    }

    @Test
    void aRefreshTokenWithoutExpiryStaysWhileItIsGood() {
        RefreshToken forever = rows.stored(forever(rows.storedAuthorization()));

        assertThat(purge(LONG_AFTER, PLENTY, LONG_AFTER).total()).isZero();
        assertThat(row(own.refreshTokens(), forever.id())).isEqualTo(forever);
    }

    @Test
    void aRefreshTokenWithoutExpiryGoesOnceItWasRotatedOrRevokedBefore() {
        Authorization root = rows.storedAuthorization();
        RefreshToken rotated =
                rows.stored(forever(root).toBuilder().rotatedAt(NOW).build());
        RefreshToken revoked =
                rows.stored(forever(root).toBuilder().revokedAt(NOW).build());

        assertThat(purge(NOW, PLENTY, NOW).total()).isZero();
        assertThat(purge(NOW.plusMillis(1), PLENTY, NOW).refreshTokens()).isEqualTo(2);
        gone(own.refreshTokens(), rotated);
        gone(own.refreshTokens(), revoked);
    }

    @Test
    void aRefreshTokenWithoutExpiryGoesOnceItsRootWasRevokedBefore() {
        Authorization root = rows.storedAuthorization();
        RefreshToken forever = rows.stored(forever(root));
        await(own.authorizations().revoke(root.id(), attempt(NOW), ray()));

        assertThat(purge(NOW, PLENTY, NOW).total()).isZero();
        assertThat(purge(NOW.plusMillis(1), PLENTY, NOW).refreshTokens()).isEqualTo(1);
        gone(own.refreshTokens(), forever);
    }

    /** More than an engine deletes at a time, of more roots than it looks at, all of the same moment; and of a root that has as many. */
    @Test
    void refreshTokensWithoutExpiryGoHoweverManyRootsWereRevokedAtOnce() {
        OAuthClient client = rows.storedClient();
        List<Row> made = new ArrayList<>();
        for (int i = 0; i < MORE_THAN_A_SLICE; i++) {
            Authorization root = rows.authorization(client);
            made.add(root);
            made.add(forever(root));
        }
        Authorization large = rows.authorization(client);
        made.add(large);
        for (int i = 0; i < MORE_THAN_A_SLICE; i++) {
            made.add(forever(large));
        }
        for (int from = 0; from < made.size(); from += 500) {
            UnitOfWork unit = own.unitOfWork(attempt(NOW));
            made.subList(from, Math.min(from + 500, made.size())).forEach(unit::insert);
            await(unit.commit(ray()));
        }
        RefreshToken another = rows.stored(forever(rows.storedAuthorization()));
        await(own.authorizations().revokeByClient(client.id(), attempt(NOW), ray()));

        assertThat(purge(NOW, PLENTY, NOW).total()).isZero();
        Purged purged = purge(NOW.plusMillis(1), PLENTY, NOW);
        assertThat(purged.refreshTokens()).isEqualTo(2 * MORE_THAN_A_SLICE);
        assertThat(purged.authorizations()
                        + purge(NOW.plusMillis(1), PLENTY, NOW).total())
                .isEqualTo(MORE_THAN_A_SLICE + 1);
        assertThat(row(own.refreshTokens(), another.id())).isEqualTo(another);
    }

    @Test
    void whatHasAnExpiryStaysUntilThenHoweverDeadItIs() {
        Authorization root = rows.storedAuthorization();
        RefreshToken rotated =
                rows.stored(rows.refreshToken(root).toBuilder().rotatedAt(NOW).build());
        AccessToken revoked =
                rows.stored(rows.accessToken(root).toBuilder().revokedAt(NOW).build());
        AuthorizationCode consumed =
                rows.stored(rows.code(root).toBuilder().consumedAt(NOW).build());
        await(own.authorizations().revoke(root.id(), attempt(NOW), ray()));

        assertThat(purge(EXPIRY, PLENTY, EXPIRY).total()).isZero();
        assertThat(await(own.refreshTokens().getById(rotated.id(), ray()))).isPresent();
        assertThat(await(own.accessTokens().getById(revoked.id(), ray()))).isPresent();
        assertThat(await(own.authorizationCodes().getById(consumed.id(), ray())))
                .isPresent();
    }

    @Test
    void aConsumedCodeStaysWhileItsFamilyHasALiveToken() {
        AuthorizationCode withAccess = consumedCode();
        AuthorizationCode withRefresh = consumedCode();
        AuthorizationCode withForever = consumedCode();
        rows.stored(longer(rows.accessToken(rootOf(withAccess))));
        rows.stored(rows.refreshToken(rootOf(withRefresh)).toBuilder()
                .expiresAt(LONG_AFTER)
                .build());
        rows.stored(forever(rootOf(withForever)));

        assertThat(purge(AFTER_EXPIRY, PLENTY, LONG_AFTER.minusMillis(1)).authorizationCodes())
                .isZero();
        assertThat(row(own.authorizationCodes(), withAccess.id())).isEqualTo(withAccess);
        assertThat(row(own.authorizationCodes(), withRefresh.id())).isEqualTo(withRefresh);
        assertThat(row(own.authorizationCodes(), withForever.id())).isEqualTo(withForever);
        assertThat(purge(AFTER_EXPIRY, PLENTY, LONG_AFTER).authorizationCodes()).isEqualTo(2);
        assertThat(row(own.authorizationCodes(), withForever.id())).isEqualTo(withForever);
    }

    @Test
    void aConsumedCodeGoesOnceNoTokenOfItsFamilyIsLive() {
        AuthorizationCode alone = consumedCode();
        AuthorizationCode withDead = consumedCode();
        rows.stored(longer(rows.accessToken(rootOf(withDead))).toBuilder()
                .revokedAt(NOW)
                .build());
        rows.stored(rows.refreshToken(rootOf(withDead)).toBuilder()
                .expiresAt(LONG_AFTER)
                .rotatedAt(NOW)
                .build());
        AuthorizationCode ofRevoked = consumedCode();
        rows.stored(longer(rows.accessToken(rootOf(ofRevoked))));
        await(own.authorizations().revoke(ofRevoked.authorizationId(), attempt(NOW), ray()));

        assertThat(purge(AFTER_EXPIRY, PLENTY, AFTER_EXPIRY).authorizationCodes())
                .isEqualTo(3);
        gone(own.authorizationCodes(), alone);
        gone(own.authorizationCodes(), withDead);
        gone(own.authorizationCodes(), ofRevoked);
    }

    @Test
    void aCodeNeverConsumedGoesHoweverLiveItsFamily() {
        Authorization root = rows.storedAuthorization();
        AuthorizationCode code = rows.stored(rows.code(root));
        rows.stored(longer(rows.accessToken(root)));

        assertThat(purge(AFTER_EXPIRY, PLENTY, AFTER_EXPIRY)).isEqualTo(new Purged(0, 0, 1, 0, 0, 0, 0, 0, 0));
        gone(own.authorizationCodes(), code);
    }

    @Test
    void aRootGoesWithoutChildrenAndOnceItWasNotWrittenSince() {
        Authorization bare = rows.storedAuthorization();
        Authorization parent = rows.storedAuthorization();
        AccessToken child = rows.stored(longer(rows.accessToken(parent)));
        Authorization written = rows.stored(rows.authorization(rows.storedClient()).toBuilder()
                .updatedAt(NOW.plusMillis(1))
                .build());

        assertThat(purge(NOW, PLENTY, NOW)).isEqualTo(NOTHING);
        assertThat(purge(NOW.plusMillis(1), PLENTY, NOW)).isEqualTo(new Purged(0, 0, 0, 0, 0, 0, 1, 0, 0));

        gone(own.authorizations(), bare);
        assertThat(row(own.authorizations(), written.id())).isEqualTo(written);
        assertThat(row(own.authorizations(), parent.id())).isEqualTo(parent);
        assertThat(row(own.accessTokens(), child.id())).isEqualTo(child);
    }

    @ParameterizedTest
    @MethodSource("io.qscope.tck.TableCase#children")
    <T extends Row> void aRootStaysWhileItHasAChildOfWhicheverKind(TableCase<T> table) {
        T child = table.fresh().apply(rows);
        await(table.in(own).insert(child, ray()));

        assertThat(purge(NOW.plusMillis(1), PLENTY, NOW)).isEqualTo(NOTHING);

        String root = String.valueOf(RecordFields.get(child, "authorizationId"));
        assertThat(await(own.authorizations().getById(root, ray()))).isPresent();
        assertThat(row(table.in(own), child.id())).isEqualTo(table.inserted(child));
    }

    @Test
    void aConsentGoesOnceItWasRevokedBefore() {
        Consent imported = rows.stored(
                rows.consent(rows.storedClient()).toBuilder().revokedAt(NOW).build());
        Consent revoked = rows.storedConsent();
        await(own.consents().revoke(revoked.id(), attempt(NOW), ray()));
        Consent later = rows.storedConsent();
        await(own.consents().revoke(later.id(), attempt(NOW.plusMillis(1)), ray()));

        assertThat(purge(NOW, PLENTY, NOW)).isEqualTo(NOTHING);
        assertThat(purge(NOW.plusMillis(1), PLENTY, NOW)).isEqualTo(new Purged(0, 0, 0, 0, 0, 0, 0, 2, 0));

        gone(own.consents(), imported);
        gone(own.consents(), revoked);
        assertThat(row(own.consents(), later.id()).revokedAt()).isEqualTo(NOW.plusMillis(1));
    }

    @Test
    void aThrottleGoesOnceItsWindowEndedBefore() {
        TokenDigest ended = rows.digest();
        TokenDigest open = rows.digest();
        count(ended, NOW.minusSeconds(60));
        count(open, NOW.minusSeconds(60).plusMillis(1));

        assertThat(purge(NOW, PLENTY, NOW)).isEqualTo(NOTHING);
        assertThat(purge(NOW.plusMillis(1), PLENTY, NOW)).isEqualTo(new Purged(0, 0, 0, 0, 0, 0, 0, 0, 1));

        // Of a moment when both windows were open: what is gone begins anew, what is left goes on.
        assertThat(count(ended, NOW.minusSeconds(1))).isEqualTo(1);
        assertThat(count(open, NOW.minusSeconds(1))).isEqualTo(2);
    }

    @Test
    void clientsLiveConsentsAndAuditEntriesAreNeverPurged() {
        OAuthClient client = rows.storedClient();
        Consent consent = rows.storedConsent();
        AuditLog entry = rows.storedAuditLog();

        assertThat(purge(LONG_AFTER, PLENTY, LONG_AFTER).total()).isZero();

        assertThat(row(own.clients(), client.id())).isEqualTo(client);
        assertThat(row(own.consents(), consent.id())).isEqualTo(consent);
        assertThat(await(own.auditLog().getById(entry.id(), ray()))).isPresent();
    }

    @Test
    void atMostTheLimitIsDeletedAndFewerMeansNothingIsLeft() {
        Authorization root = rows.storedAuthorization();
        for (int i = 0; i < 3; i++) {
            rows.stored(rows.accessToken(root));
            rows.stored(rows.refreshToken(root));
            rows.stored(rows.code(root));
            rows.stored(rows.deviceCode(root));
            rows.stored(rows.idToken(root));
            rows.stored(rows.authorizationRequest(root));
            rows.stored(
                    rows.consent(rows.storedClient()).toBuilder().revokedAt(NOW).build());
            count(rows.digest(), NOW);
        }

        int total = 0;
        int last = 5;
        for (int turn = 0; last == 5; turn++) {
            last = purge(AFTER_EXPIRY, 5, EXPIRY).total();
            assertThat(last).isLessThanOrEqualTo(5);
            assertThat(turn).as("purges until nothing is left").isLessThan(10);
            total += last;
        }

        assertThat(total).isEqualTo(25);
        assertThat(purge(AFTER_EXPIRY, 5, EXPIRY).total()).isZero();
    }

    @Test
    void aLimitOutOfItsBoundsIsRefused() {
        for (int limit : new int[] {-1, 0, 100_001, Integer.MAX_VALUE}) {
            failure(InvalidRowException.class, ray -> own.purge(NOW, limit, attempt(NOW), ray));
        }
    }

    private Purged purge(Instant before, int limit, Instant at) {
        return await(own.purge(before, limit, attempt(at), ray()));
    }

    /** Counts, in a window of a minute. */
    private int count(TokenDigest key, Instant at) {
        return await(own.throttles().count(key, Duration.ofMinutes(1), attempt(at), ray()))
                .count();
    }

    private AuthorizationCode consumedCode() {
        return rows.stored(rows.code(rows.storedAuthorization()).toBuilder()
                .consumedAt(NOW)
                .build());
    }

    private Authorization rootOf(AuthorizationCode code) {
        return row(own.authorizations(), code.authorizationId());
    }

    private RefreshToken forever(Authorization root) {
        return rows.refreshToken(root).toBuilder().expiresAt(null).build();
    }

    private static AccessToken longer(AccessToken token) {
        return token.toBuilder().expiresAt(LONG_AFTER).build();
    }

    private static <T extends Row> void gone(BaseTable<T> table, T row) {
        assertThat(await(table.getById(row.id(), ray()))).isEmpty();
    }
}
