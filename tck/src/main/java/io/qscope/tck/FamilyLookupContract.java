package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.store.Grace;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A family is read as it is at one moment: its root, and of each kind the row that counts. */
abstract class FamilyLookupContract extends ContractGroup {

    private static final Instant LATER = NOW.plusMillis(7);
    private static final int REFRESHES = 100;

    FamilyLookupContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aFamilyIsReadByItsRootAndByEachOfItsRows() {
        Family family = storedFamily(rows().storedAuthorization());
        storedFamily(rows().storedAuthorization());

        for (Function<RayId, CompletableFuture<Optional<Family>>> lookup : lookups(family)) {
            assertThat(await(lookup.apply(ray()))).contains(family);
        }
    }

    @Test
    void aFamilyMayHaveNothingButItsRoot() {
        Authorization root = rows().storedAuthorization();

        assertThat(byRoot(root)).isEqualTo(new Family(root, null, null, null, null, null, null));
    }

    @Test
    void aFamilyThatIsNotThereIsAbsent() {
        Authorization root = rows().storedAuthorization();
        Family gone = storedFamily(root);
        await(storage().authorizations().deleteById(root.id(), ray()));

        for (Function<RayId, CompletableFuture<Optional<Family>>> lookup : lookups(gone)) {
            assertThat(await(lookup.apply(ray()))).isEmpty();
        }
    }

    @Test
    void aTokenThatStandsAloneHasNoFamily() {
        AccessToken alone = rows().stored(rows().accessToken(rows().storedClient()));

        assertThat(await(storage().accessTokens().getFamily(alone.token(), ray())))
                .isEmpty();
    }

    @Test
    void theNewestRowOfAKindCountsByWhenItWasMade() {
        Authorization root = rows().storedAuthorization();
        storedFamily(root, LATER, "a");
        Family newest = storedFamily(root, LATER.plusMillis(1), "0");
        storedFamily(root, NOW, "z");

        assertThat(byRoot(root)).isEqualTo(newest);
    }

    @Test
    void ofTwoThatWereMadeAtOnceTheGreaterIdCounts() {
        Authorization root = rows().storedAuthorization();
        storedFamily(root, NOW, "1");
        Family greater = storedFamily(root, NOW, "2");
        storedFamily(root, NOW, "0");

        assertThat(byRoot(root)).isEqualTo(greater);
    }

    @Test
    void whatExpiredOrWasRevokedCounts() {
        Authorization root = rows().storedAuthorization();
        rows().stored(rows().accessToken(root));
        AccessToken revoked = rows().stored(rows().accessToken(root).toBuilder()
                .createdAt(LATER)
                .expiresAt(LATER)
                .revokedAt(LATER)
                .build());
        rows().stored(rows().refreshToken(root));
        RefreshToken dead = rows().stored(rows().refreshToken(root).toBuilder()
                .createdAt(LATER)
                .expiresAt(LATER)
                .revokedAt(LATER)
                .build());

        assertThat(byRoot(root).accessToken()).isEqualTo(revoked);
        assertThat(byRoot(root).refreshToken()).isEqualTo(dead);
    }

    @Test
    void aRotatedRefreshTokenCountsNoMore() {
        Authorization root = rows().storedAuthorization();
        RefreshToken first = rows().stored(rows().refreshToken(root));
        RefreshToken successor = rows().successorOf(first).toBuilder()
                .createdAt(NOW.minusMillis(1))
                .build();
        await(storage().refreshTokens().rotate(first.token(), successor, Grace.NONE, attempt(LATER), ray()));

        assertThat(Objects.requireNonNull(byRoot(root).refreshToken()).id()).isEqualTo(successor.id());

        RefreshToken last = rows().successorOf(successor);
        await(storage().refreshTokens().rotate(successor.token(), last, Grace.NONE, attempt(LATER), ray()));
        await(storage().refreshTokens().deleteById(last.id(), ray()));
        assertThat(byRoot(root).refreshToken()).isNull();
    }

    @Test
    void aConsumedRequestCountsNoMoreAndAConsumedCodeDoes() {
        Authorization root = rows().storedAuthorization();
        AuthorizationRequest request = rows().stored(rows().authorizationRequest(root));
        AuthorizationCode code = rows().stored(rows().code(root));
        await(storage().authorizationRequests().consume(request.handle(), attempt(LATER), ray()));
        await(storage().authorizationCodes().consume(code.code(), attempt(LATER), ray()));

        assertThat(byRoot(root).request()).isNull();
        assertThat(Objects.requireNonNull(byRoot(root).code()).consumedAt()).isEqualTo(LATER);
    }

    @Test
    void theRowThatWasAskedByStandsInItsPlace() {
        Authorization root = rows().storedAuthorization();
        Family old = storedFamily(root);
        Family newest = storedFamily(root, LATER, "n");
        RefreshToken rotated = Objects.requireNonNull(old.refreshToken());
        AuthorizationRequest consumed = Objects.requireNonNull(old.request());
        await(storage()
                .refreshTokens()
                .rotate(rotated.token(), rows().successorOf(rotated), Grace.NONE, attempt(LATER), ray()));
        await(storage().authorizationRequests().consume(consumed.handle(), attempt(LATER), ray()));

        Family byAccess = found(ray -> storage()
                .accessTokens()
                .getFamily(Objects.requireNonNull(old.accessToken()).token(), ray));
        Family byRefresh = found(ray -> storage().refreshTokens().getFamily(rotated.token(), ray));
        Family byRequest = found(ray -> storage().authorizationRequests().getFamily(consumed.handle(), ray));

        assertThat(byAccess)
                .isEqualTo(new Family(
                        root,
                        newest.request(),
                        newest.code(),
                        newest.deviceCode(),
                        old.accessToken(),
                        newest.refreshToken(),
                        newest.idToken()));
        assertThat(byRefresh.accessToken()).isEqualTo(newest.accessToken());
        assertThat(Objects.requireNonNull(byRefresh.refreshToken()).rotatedAt()).isEqualTo(LATER);
        assertThat(byRefresh.refreshToken().id()).isEqualTo(rotated.id());
        assertThat(Objects.requireNonNull(byRequest.request()).id()).isEqualTo(consumed.id());
    }

    @Test
    void allRowsOfARevokedFamilySaySo() {
        Authorization root = rows().storedAuthorization();
        Family family = storedFamily(root);
        await(storage().authorizations().revoke(root.id(), attempt(LATER), ray()));

        for (Function<RayId, CompletableFuture<Optional<Family>>> lookup : lookups(family)) {
            Family revoked = found(lookup);
            assertThat(revoked.root().revokedAt()).isEqualTo(LATER);
            assertThat(List.of(
                            Objects.requireNonNull(revoked.request()).isLive(NOW),
                            Objects.requireNonNull(revoked.code()).isLive(NOW),
                            Objects.requireNonNull(revoked.deviceCode()).isLive(NOW),
                            Objects.requireNonNull(revoked.accessToken()).isLive(NOW),
                            Objects.requireNonNull(revoked.refreshToken()).isLive(NOW),
                            Objects.requireNonNull(revoked.idToken()).isLive(NOW)))
                    .containsOnly(false);
        }
    }

    /** Each refresh puts other tokens in the place of two, of which one names the other: whoever sees one of the old ones sees both. */
    @Test
    void aFamilyIsReadAtOneMoment() {
        Authorization root = rows().storedAuthorization();
        RefreshToken refresh = rows().stored(rows().refreshToken(root));
        AccessToken access = rows().stored(accessTokenOf(root, refresh));

        CompletableFuture<?> refreshing = CompletableFuture.runAsync(() -> refreshAgainAndAgain(root, refresh, access));
        do {
            Family family = byRoot(root);
            assertThat(Objects.requireNonNull(family.accessToken(), "an access token at any moment")
                            .refreshTokenId())
                    .isEqualTo(Objects.requireNonNull(family.refreshToken(), "a refresh token at any moment")
                            .id());
        } while (!refreshing.isDone());
        await(refreshing);
    }

    private void refreshAgainAndAgain(Authorization root, RefreshToken firstRefresh, AccessToken firstAccess) {
        RefreshToken refresh = firstRefresh;
        AccessToken access = firstAccess;
        for (int i = 0; i < REFRESHES; i++) {
            RefreshToken successor = rows().successorOf(refresh);
            AccessToken next = accessTokenOf(root, successor);
            await(storage()
                    .unitOfWork(attempt(NOW))
                    .rotate(refresh.token(), successor, Grace.NONE)
                    .deleteById(TableName.ACCESS_TOKENS, access.id())
                    .insert(next)
                    .commit(ray()));
            refresh = successor;
            access = next;
        }
    }

    private AccessToken accessTokenOf(Authorization root, RefreshToken refresh) {
        return rows().accessToken(root).toBuilder().refreshTokenId(refresh.id()).build();
    }

    private Family byRoot(Authorization root) {
        return found(ray -> storage().authorizations().getFamily(root.id(), ray));
    }

    private Family found(Function<RayId, CompletableFuture<Optional<Family>>> lookup) {
        return await(lookup.apply(ray())).orElseThrow();
    }

    private Family storedFamily(Authorization root) {
        return storedFamily(root, NOW, "");
    }

    /** One row of each kind, with ids that begin so. */
    private Family storedFamily(Authorization root, Instant createdAt, String prefix) {
        Rows rows = rows();
        AuthorizationRequest request = rows.authorizationRequest(root).toBuilder()
                .id(prefix + rows.id())
                .createdAt(createdAt)
                .build();
        AuthorizationCode code = rows.code(root).toBuilder()
                .id(prefix + rows.id())
                .createdAt(createdAt)
                .build();
        DeviceCode device = rows.deviceCode(root).toBuilder()
                .id(prefix + rows.id())
                .createdAt(createdAt)
                .build();
        AccessToken access = rows.accessToken(root).toBuilder()
                .id(prefix + rows.id())
                .createdAt(createdAt)
                .build();
        RefreshToken refresh = rows.refreshToken(root).toBuilder()
                .id(prefix + rows.id())
                .createdAt(createdAt)
                .build();
        IdToken idToken = rows.idToken(root).toBuilder()
                .id(prefix + rows.id())
                .createdAt(createdAt)
                .build();
        return new Family(
                root,
                rows.stored(request),
                rows.stored(code),
                rows.stored(device),
                rows.stored(access),
                rows.stored(refresh),
                rows.stored(idToken));
    }

    private List<Function<RayId, CompletableFuture<Optional<Family>>>> lookups(Family of) {
        return List.of(
                ray -> storage().authorizations().getFamily(of.root().id(), ray),
                ray -> storage()
                        .authorizationRequests()
                        .getFamily(Objects.requireNonNull(of.request()).handle(), ray),
                ray -> storage()
                        .authorizationCodes()
                        .getFamily(Objects.requireNonNull(of.code()).code(), ray),
                ray -> storage()
                        .deviceCodes()
                        .getFamilyByDeviceCode(
                                Objects.requireNonNull(of.deviceCode()).deviceCode(), ray),
                ray -> storage()
                        .deviceCodes()
                        .getFamilyByUserCode(
                                Objects.requireNonNull(of.deviceCode()).userCode(), ray),
                ray -> storage()
                        .accessTokens()
                        .getFamily(Objects.requireNonNull(of.accessToken()).token(), ray),
                ray -> storage()
                        .refreshTokens()
                        .getFamily(Objects.requireNonNull(of.refreshToken()).token(), ray),
                ray -> storage()
                        .idTokens()
                        .getFamily(Objects.requireNonNull(of.idToken()).token(), ray));
    }
}
