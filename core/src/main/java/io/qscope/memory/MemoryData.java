package io.qscope.memory;

import io.qscope.audit.AuditHead;
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
import io.qscope.model.SigningKey;
import io.qscope.model.UserAccount;
import io.qscope.store.ConsentTable;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is stored: all rows of all tables, under one lock. Any number of storages may be open on it. */
final class MemoryData {

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> undo = new ArrayDeque<>();

    final Rows<OAuthClient> clients = new Rows<>(TableName.CLIENTS, undo);
    final Rows<OAuthClient>.Index clientsByIdentifier =
            clients.unique("clientIdentifier", OAuthClient::clientIdentifier);

    final Rows<Authorization> authorizations = new Rows<>(TableName.AUTHORIZATIONS, undo);
    final Rows<Authorization>.Index authorizationsByClient =
            authorizations.grouped("clientId", Authorization::clientId);
    final Rows<Authorization>.Index authorizationsByUser = authorizations.grouped("userId", Authorization::userId);

    final Rows<AuthorizationCode> codes = new Rows<>(TableName.AUTHORIZATION_CODES, undo);
    final Rows<AuthorizationCode>.Index codesByCode = codes.uniqueDigest("code", AuthorizationCode::code);
    final Rows<AuthorizationCode>.Index codesByClient = codes.grouped("clientId", AuthorizationCode::clientId);
    final Rows<AuthorizationCode>.Index codesByRoot =
            codes.grouped("authorizationId", AuthorizationCode::authorizationId);

    final Rows<AccessToken> accessTokens = new Rows<>(TableName.ACCESS_TOKENS, undo);
    final Rows<AccessToken>.Index accessTokensByToken = accessTokens.uniqueDigest("token", AccessToken::token);
    final Rows<AccessToken>.Index accessTokensByClient = accessTokens.grouped("clientId", AccessToken::clientId);
    final Rows<AccessToken>.Index accessTokensByUser = accessTokens.grouped("userId", AccessToken::userId);
    final Rows<AccessToken>.Index accessTokensByRoot =
            accessTokens.grouped("authorizationId", AccessToken::authorizationId);

    final Rows<RefreshToken> refreshTokens = new Rows<>(TableName.REFRESH_TOKENS, undo);
    final Rows<RefreshToken>.Index refreshTokensByToken = refreshTokens.uniqueDigest("token", RefreshToken::token);
    final Rows<RefreshToken>.Index refreshTokensByClient = refreshTokens.grouped("clientId", RefreshToken::clientId);
    final Rows<RefreshToken>.Index refreshTokensByRoot =
            refreshTokens.grouped("authorizationId", RefreshToken::authorizationId);
    final Rows<RefreshToken>.Index successors = refreshTokens.grouped("predecessorId", RefreshToken::predecessorId);

    final Rows<DeviceCode> deviceCodes = new Rows<>(TableName.DEVICE_CODES, undo);
    final Rows<DeviceCode>.Index deviceCodesByDeviceCode =
            deviceCodes.uniqueDigest("deviceCode", DeviceCode::deviceCode);
    final Rows<DeviceCode>.Index deviceCodesByUserCode = deviceCodes.uniqueDigest("userCode", DeviceCode::userCode);
    final Rows<DeviceCode>.Index deviceCodesByClient = deviceCodes.grouped("clientId", DeviceCode::clientId);
    final Rows<DeviceCode>.Index deviceCodesByRoot =
            deviceCodes.grouped("authorizationId", DeviceCode::authorizationId);

    final Rows<IdToken> idTokens = new Rows<>(TableName.ID_TOKENS, undo);
    final Rows<IdToken>.Index idTokensByToken = idTokens.uniqueDigest("token", IdToken::token);
    final Rows<IdToken>.Index idTokensByClient = idTokens.grouped("clientId", IdToken::clientId);
    final Rows<IdToken>.Index idTokensByRoot = idTokens.grouped("authorizationId", IdToken::authorizationId);

    final Rows<AuthorizationRequest> requests = new Rows<>(TableName.AUTHORIZATION_REQUESTS, undo);
    final Rows<AuthorizationRequest>.Index requestsByHandle =
            requests.uniqueDigest("handle", AuthorizationRequest::handle);
    final Rows<AuthorizationRequest>.Index requestsByClient =
            requests.grouped("clientId", AuthorizationRequest::clientId);
    final Rows<AuthorizationRequest>.Index requestsByRoot =
            requests.grouped("authorizationId", AuthorizationRequest::authorizationId);

    final Rows<Consent> consents = new Rows<>(TableName.CONSENTS, undo);
    final Rows<Consent>.Index consentsByClient = consents.grouped("clientId", Consent::clientId);
    final Rows<Consent>.Index consentsByUser = consents.grouped("userId", Consent::userId);
    final Rows<Consent>.Index liveConsents = consents.unique(
            ConsentTable.LIVE_KEY, row -> row.isLive() ? liveConsentKey(row.clientId(), row.userId()) : null);

    final Rows<SigningKey> signingKeys = new Rows<>(TableName.SIGNING_KEYS, undo);

    final Rows<UserAccount> users = new Rows<>(TableName.USERS, undo);
    final Rows<UserAccount>.Index usersByName = users.unique("username", UserAccount::username);

    final Throttles throttles = new Throttles(undo);

    final Rows<AuditLog> auditLog = new Rows<>(TableName.AUDIT_LOG, undo);
    final Rows<AuditLog>.Index auditLogByRay = auditLog.grouped("rayId", AuditLog::rayId);

    /** Where each chain stands that no opening has recorded yet; that which has not changed for the longest time first. */
    final Map<String, AuditHead> auditHeads = new LinkedHashMap<>();

    /** What no two live consents share. */
    static Object liveConsentKey(String clientId, String userId) {
        return List.of(clientId, userId);
    }

    /** Runs the work alone, wholly or not at all: what it wrote before it threw is undone. */
    <R extends @Nullable Object> R atomically(Supplier<R> work) {
        lock.lock();
        try {
            undo.clear();
            return work.get();
        } catch (RuntimeException | Error e) {
            undoAll();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back everything that the work under way has written. */
    void undoAll() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    /** When the root was revoked; none for no root, a missing one, and one that lives. */
    @Nullable
    Instant rootRevokedAt(@Nullable String authorizationId) {
        return authorizationId == null
                ? null
                : authorizations
                        .byId(authorizationId)
                        .map(root -> root.row().revokedAt())
                        .orElse(null);
    }

    /** Deletes a client with all that descends from it. */
    void removeClient(Stored<OAuthClient> client) {
        String id = client.row().id();
        authorizationsByClient.all(id).forEach(this::removeAuthorization);
        codesByClient.all(id).forEach(codes::remove);
        accessTokensByClient.all(id).forEach(accessTokens::remove);
        refreshTokensByClient.all(id).forEach(refreshTokens::remove);
        deviceCodesByClient.all(id).forEach(deviceCodes::remove);
        idTokensByClient.all(id).forEach(idTokens::remove);
        requestsByClient.all(id).forEach(requests::remove);
        consentsByClient.all(id).forEach(consents::remove);
        clients.remove(client);
    }

    /** Deletes a root with its codes, tokens and requests. */
    void removeAuthorization(Stored<Authorization> root) {
        String id = root.row().id();
        codesByRoot.all(id).forEach(codes::remove);
        accessTokensByRoot.all(id).forEach(accessTokens::remove);
        refreshTokensByRoot.all(id).forEach(refreshTokens::remove);
        deviceCodesByRoot.all(id).forEach(deviceCodes::remove);
        idTokensByRoot.all(id).forEach(idTokens::remove);
        requestsByRoot.all(id).forEach(requests::remove);
        authorizations.remove(root);
    }
}
