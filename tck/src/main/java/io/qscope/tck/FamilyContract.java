package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.store.RevokedAuthorizationException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A code or token is live only if its root is. */
abstract class FamilyContract extends ContractGroup {

    private static final String CHILDREN = "io.qscope.tck.TableCase#children";
    private static final Instant LATER = NOW.plusMillis(7);

    FamilyContract(StorageContract kit) {
        super(kit);
    }

    @ParameterizedTest
    @MethodSource(CHILDREN)
    <T extends Row> void aRowReadsBackItsRootsRevocation(TableCase<T> table) {
        T row = stored(table);

        revokeRootOf(row);

        assertThat(row(table.in(storage()), row.id()))
                .isEqualTo(RecordFields.with(row, "authorizationRevokedAt", LATER));
    }

    @Test
    void everyLookupReadsTheRootsRevocation() {
        Authorization root = rows().storedAuthorization();
        AuthorizationCode code = rows().stored(rows().code(root));
        AccessToken access = rows().stored(rows().accessToken(root));
        RefreshToken refresh = rows().stored(rows().refreshToken(root));
        DeviceCode device = rows().stored(rows().deviceCode(root));
        IdToken idToken = rows().stored(rows().idToken(root));
        AuthorizationRequest request = rows().stored(rows().authorizationRequest(root));

        revoke(root.id());

        assertThat(await(storage().authorizationCodes().getByCode(code.code(), ray())))
                .hasValueSatisfying(found -> assertThat(found.isLive(NOW)).isFalse());
        assertThat(await(storage().accessTokens().getByToken(access.token(), ray())))
                .hasValueSatisfying(found -> assertThat(found.isLive(NOW)).isFalse());
        assertThat(await(storage().refreshTokens().getByToken(refresh.token(), ray())))
                .hasValueSatisfying(found -> assertThat(found.isLive(NOW)).isFalse());
        assertThat(await(storage().deviceCodes().getByDeviceCode(device.deviceCode(), ray())))
                .hasValueSatisfying(found -> assertThat(found.isLive(NOW)).isFalse());
        assertThat(await(storage().deviceCodes().getByUserCode(device.userCode(), ray())))
                .hasValueSatisfying(found -> assertThat(found.isLive(NOW)).isFalse());
        assertThat(await(storage().idTokens().getByToken(idToken.token(), ray())))
                .hasValueSatisfying(found -> assertThat(found.isLive(NOW)).isFalse());
        assertThat(await(storage().authorizationRequests().getByHandle(request.handle(), ray())))
                .hasValueSatisfying(found -> assertThat(found.isLive(NOW)).isFalse());
    }

    @ParameterizedTest
    @MethodSource(CHILDREN)
    <T extends Row> void aRowOfAnotherFamilyStaysLive(TableCase<T> table) {
        T row = stored(table);
        T other = stored(table);

        revokeRootOf(row);

        assertThat(row(table.in(storage()), other.id())).isEqualTo(other);
    }

    @ParameterizedTest
    @MethodSource(CHILDREN)
    <T extends Row> void insertingUnderARevokedRootFailsAndStoresNothing(TableCase<T> table) {
        T row = table.fresh().apply(rows());
        revokeRootOf(row);

        failure(RevokedAuthorizationException.class, ray -> table.in(storage()).insert(row, ray));

        assertThat(await(table.in(storage()).getById(row.id(), ray()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(CHILDREN)
    <T extends Row> void aRevokedRootIsJudgedBeforeATakenKey(TableCase<T> table) {
        T row = stored(table);
        revokeRootOf(row);

        failure(RevokedAuthorizationException.class, ray -> table.in(storage()).insert(row, ray));
    }

    @ParameterizedTest
    @MethodSource(CHILDREN)
    <T extends Row> void theRootsRevocationIsIgnoredOnInsert(TableCase<T> table) {
        T row = table.fresh().apply(rows());

        await(table.in(storage()).insert(RecordFields.with(row, "authorizationRevokedAt", LATER), ray()));

        assertThat(row(table.in(storage()), row.id())).isEqualTo(table.inserted(row));
    }

    @ParameterizedTest
    @MethodSource(CHILDREN)
    <T extends Row> void theRootsRevocationIsIgnoredOnUpdate(TableCase<T> table) {
        T row = stored(table);

        await(table.in(storage()).update(RecordFields.with(row, "authorizationRevokedAt", LATER), ray()));

        assertThat(row(table.in(storage()), row.id())).isEqualTo(RecordFields.with(row, "version", 2L));
    }

    @ParameterizedTest
    @MethodSource(CHILDREN)
    <T extends Row> void anUpdateUnderARevokedRootSucceedsAndTheRowStaysDead(TableCase<T> table) {
        T row = stored(table);
        revokeRootOf(row);

        await(table.in(storage()).update(row, ray()));

        T expected = RecordFields.with(RecordFields.with(row, "version", 2L), "authorizationRevokedAt", LATER);
        assertThat(row(table.in(storage()), row.id())).isEqualTo(expected);
    }

    @Test
    void anUpdateOfARevokedRootLeavesItRevoked() {
        Authorization root = rows().storedAuthorization();
        revoke(root.id());
        Authorization revoked = row(storage().authorizations(), root.id());

        await(storage()
                .authorizations()
                .update(revoked.toBuilder().updatedBy("somebody").build(), ray()));

        assertThat(row(storage().authorizations(), root.id()).revokedAt()).isEqualTo(LATER);
    }

    @Test
    void aRevokedRootOnlyConcernsItsOwnFamily() {
        OAuthClient client = rows().storedClient();
        Authorization dead = rows().stored(rows().authorization(client));
        Authorization alive = rows().stored(rows().authorization(client));
        revoke(dead.id());

        AccessToken token = rows().stored(rows().accessToken(alive));
        AccessToken alone = rows().stored(rows().accessToken(client));

        assertThat(row(storage().accessTokens(), token.id()).isLive(NOW)).isTrue();
        assertThat(row(storage().accessTokens(), alone.id()).isLive(NOW)).isTrue();
    }

    private <T extends Row> T stored(TableCase<T> table) {
        T row = table.fresh().apply(rows());
        await(table.in(storage()).insert(row, ray()));
        return table.inserted(row);
    }

    private void revokeRootOf(Row row) {
        revoke(String.valueOf(RecordFields.get(row, "authorizationId")));
    }

    private void revoke(String root) {
        await(storage().authorizations().revoke(root, attempt(LATER), ray()));
    }
}
