package io.qscope.sql;

import io.qscope.engine.Arguments;
import io.qscope.engine.Listening;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
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
import io.qscope.model.SigningKey;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.store.Attempt;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Grace;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Outcome;
import io.qscope.store.TableName;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A unit of work: gathers the tables' calls and sends them as one {@link SqlUnit}. */
final class SqlUnitOfWork implements UnitOfWork {

    private final SqlStorage storage;
    private final Attempt attempt;
    private final List<SqlWrite<?>> parts = new ArrayList<>();
    private final Set<String> written = new HashSet<>();
    private final List<Consumer<RayId>> checks = new ArrayList<>();
    private boolean committed;

    SqlUnitOfWork(SqlStorage storage, Attempt attempt) {
        this.storage = storage;
        this.attempt = Objects.requireNonNull(attempt, "attempt");
    }

    @Override
    public UnitOfWork insert(Row row) {
        writes(row);
        return add(inserting(row));
    }

    private SqlWrite<?> inserting(Row row) {
        if (row instanceof OAuthClient client) {
            return storage.clients.inserting(client);
        }
        if (row instanceof Authorization authorization) {
            return storage.authorizations.inserting(authorization);
        }
        if (row instanceof AuthorizationCode code) {
            return storage.authorizationCodes.inserting(code);
        }
        if (row instanceof AccessToken token) {
            return storage.accessTokens.inserting(token);
        }
        if (row instanceof RefreshToken token) {
            return storage.refreshTokens.inserting(token);
        }
        if (row instanceof DeviceCode code) {
            return storage.deviceCodes.inserting(code);
        }
        if (row instanceof IdToken token) {
            return storage.idTokens.inserting(token);
        }
        if (row instanceof AuthorizationRequest request) {
            return storage.authorizationRequests.inserting(request);
        }
        if (row instanceof Consent consent) {
            return storage.consents.inserting(consent);
        }
        if (row instanceof SigningKey key) {
            return storage.signingKeys.inserting(key);
        }
        if (row instanceof UserAccount user) {
            return storage.users.inserting(user);
        }
        if (row instanceof AuditLog entry) {
            return storage.auditLog.inserting(entry);
        }
        throw noTableFor(row);
    }

    @Override
    public UnitOfWork update(Row row) {
        if (row instanceof AuditLog) {
            return refuseAuditLog();
        }
        writes(row);
        return add(updating(row));
    }

    private SqlWrite<?> updating(Row row) {
        if (row instanceof OAuthClient client) {
            return storage.clients.updating(client);
        }
        if (row instanceof Authorization authorization) {
            return storage.authorizations.updating(authorization);
        }
        if (row instanceof AuthorizationCode code) {
            return storage.authorizationCodes.updating(code);
        }
        if (row instanceof AccessToken token) {
            return storage.accessTokens.updating(token);
        }
        if (row instanceof RefreshToken token) {
            return storage.refreshTokens.updating(token);
        }
        if (row instanceof DeviceCode code) {
            return storage.deviceCodes.updating(code);
        }
        if (row instanceof IdToken token) {
            return storage.idTokens.updating(token);
        }
        if (row instanceof AuthorizationRequest request) {
            return storage.authorizationRequests.updating(request);
        }
        if (row instanceof Consent consent) {
            return storage.consents.updating(consent);
        }
        if (row instanceof SigningKey key) {
            return storage.signingKeys.updating(key);
        }
        if (row instanceof UserAccount user) {
            return storage.users.updating(user);
        }
        throw noTableFor(row);
    }

    private static IllegalArgumentException noTableFor(Row row) {
        return new IllegalArgumentException("no table holds a " + row.getClass().getName());
    }

    @Override
    public UnitOfWork deleteById(TableName table, String id) {
        if (table == TableName.AUDIT_LOG) {
            return refuseAuditLog();
        }
        Objects.requireNonNull(id, "id");
        if (table == TableName.THROTTLES) {
            check(rayId -> Arguments.hasIds(table, rayId));
            return this;
        }
        writes(table, "id", id);
        return add(storage.table(table).deletingById(id));
    }

    @Override
    public UnitOfWork deleteByCode(TokenDigest code) {
        writes(TableName.AUTHORIZATION_CODES, "code", code);
        return add(storage.authorizationCodes.deletingByCode(code));
    }

    @Override
    public UnitOfWork deleteByToken(TokenDigest accessToken) {
        writes(TableName.ACCESS_TOKENS, "token", accessToken);
        return add(storage.accessTokens.deletingByToken(accessToken));
    }

    @Override
    public UnitOfWork consume(TokenDigest code) {
        writes(TableName.AUTHORIZATION_CODES, "code", code);
        return add(storage.authorizationCodes.consuming(code, attempt));
    }

    @Override
    public UnitOfWork consumeDeviceCode(TokenDigest deviceCode) {
        writes(TableName.DEVICE_CODES, "deviceCode", deviceCode);
        return add(SqlDeviceTransitions.consuming(deviceCode, attempt));
    }

    @Override
    public UnitOfWork consumeAuthorizationRequest(TokenDigest handle) {
        writes(TableName.AUTHORIZATION_REQUESTS, "handle", handle);
        return add(storage.authorizationRequests.consuming(handle, attempt));
    }

    @Override
    public UnitOfWork rotate(TokenDigest token, RefreshToken successor, Grace grace) {
        writes(TableName.REFRESH_TOKENS, "token", token);
        writes(successor);
        return add(storage.refreshTokens.rotating(token, successor, grace, attempt));
    }

    @Override
    public UnitOfWork approve(TokenDigest userCode, String userId) {
        writes(TableName.DEVICE_CODES, "userCode", userCode);
        Objects.requireNonNull(userId, "userId");
        check(rayId -> Arguments.userId(userId, rayId));
        return add(SqlDeviceTransitions.approving(userCode, userId, attempt));
    }

    @Override
    public UnitOfWork deny(TokenDigest userCode) {
        writes(TableName.DEVICE_CODES, "userCode", userCode);
        return add(SqlDeviceTransitions.denying(userCode, attempt));
    }

    @Override
    public UnitOfWork poll(TokenDigest deviceCode) {
        writes(TableName.DEVICE_CODES, "deviceCode", deviceCode);
        return add(SqlDeviceTransitions.polling(deviceCode, attempt));
    }

    @Override
    public UnitOfWork revokeAuthorization(String id) {
        writes(TableName.AUTHORIZATIONS, "id", Objects.requireNonNull(id, "id"));
        return add(storage.authorizations.revoking(id, attempt));
    }

    @Override
    public UnitOfWork revokeByClient(String clientId) {
        return add(storage.authorizations.revokingByClient(clientId, attempt));
    }

    @Override
    public UnitOfWork revokeByUser(String userId) {
        return add(storage.authorizations.revokingByUser(userId, attempt));
    }

    @Override
    public UnitOfWork revokeAccessToken(TokenDigest token) {
        writes(TableName.ACCESS_TOKENS, "token", token);
        return add(storage.accessTokens.revoking(token, attempt));
    }

    @Override
    public UnitOfWork revokeRefreshToken(TokenDigest token) {
        writes(TableName.REFRESH_TOKENS, "token", token);
        return add(storage.refreshTokens.revoking(token, attempt));
    }

    @Override
    public UnitOfWork revokeConsent(String id) {
        writes(TableName.CONSENTS, "id", Objects.requireNonNull(id, "id"));
        return add(storage.consents.revoking(id, attempt));
    }

    @Override
    public UnitOfWork count(TokenDigest key, Duration window) {
        Objects.requireNonNull(window, "window");
        check(rayId -> Arguments.throttleWindow(window, rayId));
        writes(TableName.THROTTLES, "key", key);
        return add(storage.throttles.counting(key, window, attempt));
    }

    @Override
    public UnitOfWork uncount(TokenDigest key) {
        writes(TableName.THROTTLES, "key", key);
        return add(storage.throttles.uncounting(key, attempt));
    }

    @Override
    public UnitOfWork revokeOldestAccessTokens(String clientId, @Nullable String userId, int keep) {
        check(rayId -> Arguments.keep(keep, rayId));
        return add(storage.accessTokens.revokingOldest(clientId, userId, keep, attempt));
    }

    @Override
    public UnitOfWork revokeOldestRefreshTokens(String clientId, @Nullable String userId, int keep) {
        check(rayId -> Arguments.keep(keep, rayId));
        return add(storage.refreshTokens.revokingOldest(clientId, userId, keep, attempt));
    }

    @Override
    public CompletableFuture<UnitOutcome> commit(RayId rayId) {
        Objects.requireNonNull(rayId, "rayId");
        Listening listening = storage.engine.listening();
        try {
            refuseMalformed(rayId);
        } catch (InvalidRowException | UnsupportedOperationException refused) {
            return listening.refused("commit", null, rayId, refused);
        }
        SqlUnit<UnitOutcome> unit = new SqlUnit<>(
                List.copyOf(parts),
                SqlUnitOfWork::conclude,
                rayId,
                listening.future("commit", null, rayId),
                true,
                locksAlone());
        storage.engine.write(List.of(unit));
        return unit.future();
    }

    /** A part that relies on a root, and one that writes roots: it may be the same one. */
    private boolean locksAlone() {
        return storage.engine.dialect().locks()
                && parts.size() > 1
                && parts.stream().flatMap(part -> part.steps().stream()).anyMatch(SqlStep::writesRoots);
    }

    /** What can be told from the parts alone. */
    private void refuseMalformed(RayId rayId) {
        if (committed) {
            throw new InvalidRowException("a unit of work is committed once; make it anew", rayId);
        }
        committed = true;
        checks.forEach(check -> check.accept(rayId));
        if (parts.isEmpty()) {
            throw new InvalidRowException("a unit of work has at least one part; this one is empty", rayId);
        }
    }

    private static UnitOutcome conclude(SqlUnitRun.End end) {
        if (end.refusedPart() >= 0) {
            return new UnitOutcome.Refused(end.refusedPart(), (Outcome)
                    Objects.requireNonNull(end.answers().get(end.refusedPart())));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Object answer : end.answers()) {
            if (answer instanceof Outcome outcome) {
                outcomes.add(outcome);
            }
        }
        return new UnitOutcome.Committed(outcomes);
    }

    private UnitOfWork add(SqlWrite<?> part) {
        parts.add(part);
        return this;
    }

    /** Notes every key of a row that a part writes. */
    private void writes(Row row) {
        if (row instanceof OAuthClient) {
            writes(TableName.CLIENTS, "id", row.id());
        } else if (row instanceof Authorization) {
            writes(TableName.AUTHORIZATIONS, "id", row.id());
        } else if (row instanceof AuthorizationCode code) {
            writes(TableName.AUTHORIZATION_CODES, "id", row.id());
            writes(TableName.AUTHORIZATION_CODES, "code", code.code());
        } else if (row instanceof AccessToken token) {
            writes(TableName.ACCESS_TOKENS, "id", row.id());
            writes(TableName.ACCESS_TOKENS, "token", token.token());
        } else if (row instanceof RefreshToken token) {
            writes(TableName.REFRESH_TOKENS, "id", row.id());
            writes(TableName.REFRESH_TOKENS, "token", token.token());
        } else if (row instanceof DeviceCode code) {
            writes(TableName.DEVICE_CODES, "id", row.id());
            writes(TableName.DEVICE_CODES, "deviceCode", code.deviceCode());
            writes(TableName.DEVICE_CODES, "userCode", code.userCode());
        } else if (row instanceof IdToken token) {
            writes(TableName.ID_TOKENS, "id", row.id());
            writes(TableName.ID_TOKENS, "token", token.token());
        } else if (row instanceof AuthorizationRequest request) {
            writes(TableName.AUTHORIZATION_REQUESTS, "id", row.id());
            writes(TableName.AUTHORIZATION_REQUESTS, "handle", request.handle());
        } else if (row instanceof Consent) {
            writes(TableName.CONSENTS, "id", row.id());
        } else if (row instanceof SigningKey) {
            writes(TableName.SIGNING_KEYS, "id", row.id());
        } else if (row instanceof UserAccount) {
            writes(TableName.USERS, "id", row.id());
        } else if (row instanceof AuditLog) {
            writes(TableName.AUDIT_LOG, "id", row.id());
        }
    }

    private void writes(TableName table, String key, TokenDigest digest) {
        writes(table, key, HexFormat.of().formatHex(digest.bytes()), digest.toString());
    }

    private void writes(TableName table, String key, String id) {
        writes(table, key, id, id);
    }

    private void writes(TableName table, String key, String value, String shown) {
        if (!written.add(table + " " + key + " " + value)) {
            check(rayId -> {
                throw new InvalidRowException(table, shown, "a unit of work writes a row at most once", rayId);
            });
        }
    }

    /** Has commit refuse the unit, naming the part that is added next. */
    private void check(Consumer<RayId> check) {
        int part = parts.size();
        checks.add(rayId -> {
            try {
                check.accept(rayId);
            } catch (InvalidRowException refused) {
                throw refused.inPart(part);
            }
        });
    }

    private UnitOfWork refuseAuditLog() {
        checks.add(rayId -> {
            throw new UnsupportedOperationException(AuditLogTable.APPEND_ONLY);
        });
        return this;
    }
}
