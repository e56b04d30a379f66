package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.store.Attempt;
import io.qscope.store.BaseTable;
import io.qscope.store.Grace;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Every call that an engine turns into a statement, at least once, and with the questions that follow when it fails: for tests of
 * the statements themselves, such as whether each finds its rows by an index.
 */
public final class EveryCall {

    private EveryCall() {}

    /** Calls, and waits for the answers, whatever they are. */
    public static void on(Storage storage) {
        on(storage, new Random(1));
    }

    /** The same with other rows, as often as is wanted on one storage. */
    public static void on(Storage storage, Random random) {
        Rows rows = new Rows(storage, random);
        RayId ray = RayId.random();
        OAuthClient client = rows.storedClient();
        Authorization root = rows.stored(rows.authorization(client));
        writeTwice(storage.clients(), client, ray);
        writeTwice(storage.authorizations(), root, ray);
        clientsAndRoots(storage, client, root, ray);
        AuthorizationCode code = rows.storedCode();
        end(storage.authorizationCodes().getByCode(code.code(), ray));
        end(storage.authorizationCodes().getFamily(code.code(), ray));
        end(storage.authorizationCodes().consume(code.code(), attempt(), ray));
        writeTwice(storage.authorizationCodes(), code, ray);
        end(storage.authorizationCodes().deleteByCode(code.code(), ray));
        tokens(storage, rows, ray);
        deviceCodes(storage, rows.storedDeviceCode(), ray);
        idTokensAndRequests(storage, rows, ray);
        consents(storage, rows.storedConsent(), ray);
        signingKeysAndUsers(storage, rows, ray);
        TokenDigest key = rows.digest();
        Attempt counted = attempt();
        end(storage.throttles().count(key, Duration.ofMinutes(1), counted, ray));
        end(storage.throttles().count(key, Duration.ofMinutes(1), counted, ray));
        end(storage.throttles().uncount(rows.digest(), attempt(), ray));
        end(storage.auditLog().getById(rows.storedAuditLog().id(), ray));
        end(storage.auditLog().byRay(ray, Page.first(10), ray));
        end(storage.auditLog().page(Rows.NOW, Rows.EXPIRY, Page.first(10), ray));
        end(storage.auditLog().chained(Page.first(10), ray));
        units(storage, rows, ray);
        // Codes live for a minute; this one is not redeemed, and its family stays.
        rows.storedCode();
        // One reason for which a token is over is that its root was revoked.
        RefreshToken forever = rows.stored(rows.refreshToken(rows.storedAuthorization()).toBuilder()
                .expiresAt(null)
                .build());
        end(storage.authorizations().revoke(forever.authorizationId(), attempt(), ray));
        end(storage.purge(Rows.EXPIRY.plusMillis(1), 1_000, attempt(), ray));
        end(storage.keysInUse(Rows.NOW, ray));
        end(storage.rowCounts(ray));
    }

    /** An engine may run the same calls with other statements beside one that writes their root. */
    private static void units(Storage storage, Rows rows, RayId ray) {
        Authorization root = rows.storedAuthorization();
        RefreshToken refresh = rows.stored(rows.refreshToken(root));
        DeviceCode device = rows.stored(rows.deviceCode(root));
        AuthorizationRequest request = rows.stored(rows.authorizationRequest(root));
        end(storage.unitOfWork(attempt())
                .consume(rows.stored(rows.code(root)).code())
                .rotate(refresh.token(), rows.successorOf(refresh), Grace.NONE)
                .approve(device.userCode(), "user")
                .insert(rows.code(root))
                .insert(rows.accessToken(root))
                .insert(rows.refreshToken(root))
                .insert(rows.deviceCode(root))
                .insert(rows.idToken(root))
                .insert(rows.authorizationRequest(root))
                .insert(rows.auditLog())
                .commit(ray));
        end(storage.unitOfWork(attempt())
                .consumeDeviceCode(device.deviceCode())
                .consumeAuthorizationRequest(request.handle())
                .revokeAuthorization(root.id())
                .commit(ray));
        end(storage.clients().deleteById(root.clientId(), ray));
    }

    private static void clientsAndRoots(Storage storage, OAuthClient client, Authorization root, RayId ray) {
        end(storage.clients().getByClientIdentifier(client.clientIdentifier(), ray));
        end(storage.clients().list(Page.first(10), ray));
        end(storage.authorizations().getFamily(root.id(), ray));
        end(storage.authorizations().listByClient(client.id(), Page.first(10), ray));
        end(storage.authorizations().listByUser("user", Page.first(10), ray));
        end(storage.authorizations().revoke(root.id(), attempt(), ray));
        end(storage.authorizations().revoke(root.id(), attempt(), ray));
        end(storage.authorizations().revokeByClient(client.id(), attempt(), ray));
        end(storage.authorizations().revokeByUser("user", attempt(), ray));
    }

    private static void tokens(Storage storage, Rows rows, RayId ray) {
        AccessToken access = rows.storedAccessToken();
        end(storage.accessTokens().getByToken(access.token(), ray));
        end(storage.accessTokens().getFamily(access.token(), ray));
        end(storage.accessTokens().revoke(access.token(), attempt(), ray));
        end(storage.accessTokens().revokeOldest(access.clientId(), access.userId(), 1, attempt(), ray));
        end(storage.accessTokens().revokeOldest(access.clientId(), null, 1, attempt(), ray));
        writeTwice(storage.accessTokens(), access, ray);
        end(storage.accessTokens().deleteByToken(access.token(), ray));
        RefreshToken refresh = rows.storedRefreshToken();
        end(storage.refreshTokens().getByToken(refresh.token(), ray));
        end(storage.refreshTokens().getFamily(refresh.token(), ray));
        end(storage.refreshTokens().rotate(refresh.token(), rows.successorOf(refresh), Grace.NONE, attempt(), ray));
        end(storage.refreshTokens().rotate(refresh.token(), rows.successorOf(refresh), Grace.NONE, attempt(), ray));
        end(storage.refreshTokens().revoke(refresh.token(), attempt(), ray));
        end(storage.refreshTokens().revoke(refresh.token(), attempt(), ray));
        end(storage.refreshTokens().revokeOldest(refresh.clientId(), refresh.userId(), 1, attempt(), ray));
        end(storage.refreshTokens().revokeOldest(refresh.clientId(), null, 1, attempt(), ray));
        writeTwice(storage.refreshTokens(), refresh, ray);
    }

    private static void deviceCodes(Storage storage, DeviceCode device, RayId ray) {
        end(storage.deviceCodes().getByDeviceCode(device.deviceCode(), ray));
        end(storage.deviceCodes().getFamilyByDeviceCode(device.deviceCode(), ray));
        end(storage.deviceCodes().getByUserCode(device.userCode(), ray));
        end(storage.deviceCodes().getFamilyByUserCode(device.userCode(), ray));
        end(storage.deviceCodes().poll(device.deviceCode(), attempt(), ray));
        end(storage.deviceCodes().approve(device.userCode(), "user", attempt(), ray));
        end(storage.deviceCodes().deny(device.userCode(), attempt(), ray));
        end(storage.deviceCodes().consume(device.deviceCode(), attempt(), ray));
        end(storage.deviceCodes().consume(device.deviceCode(), attempt(), ray));
        writeTwice(storage.deviceCodes(), device, ray);
    }

    private static void idTokensAndRequests(Storage storage, Rows rows, RayId ray) {
        IdToken token = rows.storedIdToken();
        end(storage.idTokens().getByToken(token.token(), ray));
        end(storage.idTokens().getFamily(token.token(), ray));
        writeTwice(storage.idTokens(), token, ray);
        AuthorizationRequest request = rows.storedAuthorizationRequest();
        end(storage.authorizationRequests().getByHandle(request.handle(), ray));
        end(storage.authorizationRequests().getFamily(request.handle(), ray));
        end(storage.authorizationRequests().consume(request.handle(), attempt(), ray));
        end(storage.authorizationRequests().consume(request.handle(), attempt(), ray));
        writeTwice(storage.authorizationRequests(), request, ray);
        for (TableCase<?> table : TableCase.children()) {
            end(table.inFamilies(storage).listByAuthorization(token.authorizationId(), Page.first(10), ray));
        }
    }

    private static void consents(Storage storage, Consent consent, RayId ray) {
        end(storage.consents().getByClientAndUser(consent.clientId(), consent.userId(), ray));
        end(storage.consents().listByUser(consent.userId(), Page.first(10), ray));
        end(storage.consents().revoke(consent.id(), attempt(), ray));
        end(storage.consents().revoke(consent.id(), attempt(), ray));
        writeTwice(storage.consents(), consent, ray);
    }

    private static void signingKeysAndUsers(Storage storage, Rows rows, RayId ray) {
        writeTwice(storage.signingKeys(), rows.storedSigningKey(), ray);
        end(storage.signingKeys().list(Page.first(10), ray));
        UserAccount account = rows.storedUserAccount();
        writeTwice(storage.users(), account, ray);
        end(storage.users().getByUsername(account.username(), ray));
        end(storage.users().list(Page.first(10), ray));
    }

    /** A second insert asks what speaks against it. */
    private static <T extends Row> void writeTwice(BaseTable<T> table, T row, RayId ray) {
        end(table.insert(row, ray));
        end(table.update(row, ray));
        end(table.getById(row.id(), ray));
        end(table.deleteById("none", ray));
    }

    private static Attempt attempt() {
        return Attempt.of(Rows.NOW, "test");
    }

    /** Answered, in whichever way. */
    private static void end(CompletableFuture<?> call) {
        CompletableFuture<?> answered = call.handle((answer, failure) -> null);
        answered.orTimeout(ContractGroup.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
