package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.Arguments;
import io.qscope.memory.Part.Named;
import io.qscope.memory.Part.Step;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Grace;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Outcome;
import io.qscope.store.RevokeCount;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gathers parts, then does them as one call: all of them, or what was done so far is undone. */
final class MemoryUnitOfWork implements UnitOfWork {

    private final MemoryData data;
    private final MemoryTables tables;
    private final Calls calls;
    private final Attempt attempt;
    private final List<Part> parts = new ArrayList<>();
    private final Set<Named> written = new HashSet<>();
    private final List<Consumer<RayId>> checks = new ArrayList<>();
    private boolean sent;

    MemoryUnitOfWork(MemoryData data, MemoryTables tables, Calls calls, Attempt attempt) {
        this.data = data;
        this.tables = tables;
        this.calls = calls;
        this.attempt = attempt;
    }

    @Override
    public CompletableFuture<UnitOutcome> commit(RayId rayId) {
        requireNonNull(rayId, "rayId");
        boolean sentBefore = sent;
        sent = true;
        return calls.call("commit", null, rayId, () -> {
            if (sentBefore) {
                throw new InvalidRowException("a unit of work is committed once; make it anew", rayId);
            }
            refuseMalformed(rayId);
            return wonBefore(rayId) ? repeat(rayId) : first(rayId);
        });
    }

    /** What can be told from the parts alone, before any of them is judged by what is stored. */
    private void refuseMalformed(RayId rayId) {
        checks.forEach(check -> check.accept(rayId));
        if (parts.isEmpty()) {
            throw new InvalidRowException("a unit of work has at least one part; this one is empty", rayId);
        }
    }

    private boolean wonBefore(RayId rayId) {
        List<Part> guards = parts.stream().filter(Part::isGuard).toList();
        long won = guards.stream()
                .filter(guard -> guard.wonBefore().getAsBoolean())
                .count();
        if (won > 0 && won < guards.size()) {
            throw new InvalidRowException(
                    "this attempt has won some guards of the unit before, and others not; a repeat has the same parts",
                    rayId);
        }
        return won > 0;
    }

    /** The guards, then all else, so that what a guard finds is what the unit found and not what it wrote. */
    private UnitOutcome first(RayId rayId) {
        SortedMap<Integer, Outcome> outcomes = new TreeMap<>();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isGuard()) {
                Outcome outcome = requireNonNull(take(i, parts.get(i).first(), rayId));
                if (!outcome.won()) {
                    data.undoAll();
                    return new UnitOutcome.Refused(i, outcome);
                }
                outcomes.put(i, outcome);
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).isGuard()) {
                Outcome outcome = take(i, parts.get(i).first(), rayId);
                if (outcome != null) {
                    outcomes.put(i, outcome);
                }
            }
        }
        return new UnitOutcome.Committed(List.copyOf(outcomes.values()));
    }

    private UnitOutcome repeat(RayId rayId) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Outcome outcome = take(i, parts.get(i).repeat(), rayId);
            if (outcome != null) {
                outcomes.add(outcome);
            }
        }
        data.undoAll();
        return new UnitOutcome.Committed(outcomes);
    }

    private static @Nullable Outcome take(int part, Step step, RayId rayId) {
        try {
            return step.take(rayId);
        } catch (StorageException e) {
            throw e.inPart(part);
        }
    }

    @Override
    public UnitOfWork insert(Row row) {
        MemoryTable<?> table = tables.holding(row);
        return write(
                table.names(row), rayId -> table.insertAny(row, rayId), rayId -> table.refuseOtherInsert(row, rayId));
    }

    @Override
    public UnitOfWork update(Row row) {
        MemoryTable<?> table = tables.holding(row);
        return table == tables.auditLog()
                ? refuseAuditLog()
                : write(table.names(row), rayId -> table.updateAny(row, rayId), rayId -> {});
    }

    @Override
    public UnitOfWork deleteById(TableName table, String id) {
        requireNonNull(id, "id");
        if (table == TableName.THROTTLES) {
            check(rayId -> Arguments.hasIds(table, rayId));
            return this;
        }
        MemoryTable<?> rows = tables.named(requireNonNull(table, "table"));
        return rows == tables.auditLog()
                ? refuseAuditLog()
                : write(List.of(Named.byId(table, id)), rayId -> rows.deleteNow(id), rayId -> {});
    }

    @Override
    public UnitOfWork deleteByCode(TokenDigest code) {
        return write(
                List.of(authorizationCode(code)),
                rayId -> tables.authorizationCodes().deleteByCodeNow(code),
                rayId -> {});
    }

    @Override
    public UnitOfWork deleteByToken(TokenDigest accessToken) {
        return write(
                List.of(accessToken(accessToken)),
                rayId -> tables.accessTokens().deleteByTokenNow(accessToken),
                rayId -> {});
    }

    @Override
    public UnitOfWork consume(TokenDigest code) {
        return add(
                List.of(authorizationCode(code)),
                Part.guard(
                        () -> tables.authorizationCodes().consumedBefore(code, attempt),
                        rayId -> tables.authorizationCodes().consumeNow(code, attempt)));
    }

    @Override
    public UnitOfWork consumeDeviceCode(TokenDigest deviceCode) {
        return add(
                List.of(deviceCode("deviceCode", deviceCode)),
                Part.guard(
                        () -> tables.deviceCodes().consumedBefore(deviceCode, attempt),
                        rayId -> tables.deviceCodes().consumeNow(deviceCode, attempt)));
    }

    @Override
    public UnitOfWork consumeAuthorizationRequest(TokenDigest handle) {
        return add(
                List.of(Named.byDigest(TableName.AUTHORIZATION_REQUESTS, "handle", requireNonNull(handle, "handle"))),
                Part.guard(
                        () -> tables.authorizationRequests().consumedBefore(handle, attempt),
                        rayId -> tables.authorizationRequests().consumeNow(handle, attempt)));
    }

    @Override
    public UnitOfWork rotate(TokenDigest token, RefreshToken successor, Grace grace) {
        requireNonNull(grace, "grace");
        List<Named> names = new ArrayList<>(tables.refreshTokens().names(requireNonNull(successor, "successor")));
        names.add(refreshToken(token));
        return add(
                names,
                Part.guard(
                        () -> tables.refreshTokens().rotatedBefore(token, attempt),
                        rayId -> tables.refreshTokens().rotateNow(token, successor, grace, attempt, rayId)));
    }

    @Override
    public UnitOfWork approve(TokenDigest userCode, String userId) {
        requireNonNull(userId, "userId");
        check(rayId -> Arguments.userId(userId, rayId));
        return add(
                List.of(deviceCode("userCode", userCode)),
                Part.guard(
                        () -> tables.deviceCodes().decidedBefore(userCode, attempt),
                        rayId -> tables.deviceCodes().approveNow(userCode, userId, attempt, rayId)));
    }

    @Override
    public UnitOfWork deny(TokenDigest userCode) {
        return add(
                List.of(deviceCode("userCode", userCode)),
                Part.guard(
                        () -> tables.deviceCodes().decidedBefore(userCode, attempt),
                        rayId -> tables.deviceCodes().denyNow(userCode, attempt)));
    }

    @Override
    public UnitOfWork poll(TokenDigest deviceCode) {
        return add(
                List.of(deviceCode("deviceCode", deviceCode)),
                Part.transition(rayId -> tables.deviceCodes().pollNow(deviceCode, attempt)));
    }

    @Override
    public UnitOfWork revokeAuthorization(String id) {
        return add(
                List.of(Named.byId(TableName.AUTHORIZATIONS, requireNonNull(id, "id"))),
                Part.transition(rayId -> tables.authorizations().revokeNow(id, attempt)));
    }

    @Override
    public UnitOfWork revokeByClient(String clientId) {
        requireNonNull(clientId, "clientId");
        return bulk(rayId -> tables.authorizations().revokeByClientNow(clientId, attempt));
    }

    @Override
    public UnitOfWork revokeByUser(String userId) {
        requireNonNull(userId, "userId");
        return bulk(rayId -> tables.authorizations().revokeByUserNow(userId, attempt));
    }

    @Override
    public UnitOfWork revokeAccessToken(TokenDigest token) {
        return add(
                List.of(accessToken(token)),
                Part.transition(rayId -> tables.accessTokens().revokeNow(token, attempt)));
    }

    @Override
    public UnitOfWork revokeRefreshToken(TokenDigest token) {
        return add(
                List.of(refreshToken(token)),
                Part.transition(rayId -> tables.refreshTokens().revokeNow(token, attempt)));
    }

    @Override
    public UnitOfWork revokeConsent(String id) {
        return add(
                List.of(Named.byId(TableName.CONSENTS, requireNonNull(id, "id"))),
                Part.transition(rayId -> tables.consents().revokeNow(id, attempt)));
    }

    @Override
    public UnitOfWork count(TokenDigest key, Duration window) {
        requireNonNull(window, "window");
        check(rayId -> Arguments.throttleWindow(window, rayId));
        return add(
                List.of(throttle(key)),
                Part.transition(rayId -> tables.throttles().countNow(key, window, attempt, rayId)));
    }

    @Override
    public UnitOfWork uncount(TokenDigest key) {
        return write(List.of(throttle(key)), rayId -> tables.throttles().uncountNow(key, attempt), rayId -> {});
    }

    @Override
    public UnitOfWork revokeOldestAccessTokens(String clientId, @Nullable String userId, int keep) {
        requireNonNull(clientId, "clientId");
        check(rayId -> Arguments.keep(keep, rayId));
        return bulk(rayId -> tables.accessTokens().revokeOldestNow(clientId, userId, keep, attempt, rayId));
    }

    @Override
    public UnitOfWork revokeOldestRefreshTokens(String clientId, @Nullable String userId, int keep) {
        requireNonNull(clientId, "clientId");
        check(rayId -> Arguments.keep(keep, rayId));
        return bulk(rayId -> tables.refreshTokens().revokeOldestNow(clientId, userId, keep, attempt, rayId));
    }

    private UnitOfWork write(List<Named> names, Consumer<RayId> first, Consumer<RayId> repeat) {
        return add(names, Part.other(silent(first), silent(repeat)));
    }

    /** A bulk revocation marked its rows the first time; a repeat marks none. */
    private UnitOfWork bulk(Step step) {
        return add(List.of(), Part.other(step, rayId -> new RevokeCount(0, 0, 0)));
    }

    /**
     * Adds a part.
     *
     * @param names the rows that it writes, as far as its arguments tell
     */
    private UnitOfWork add(List<Named> names, Part part) {
        for (Named name : names) {
            if (!written.add(name)) {
                String problem = name.table() + ": a unit of work writes a row at most once, and an earlier part has"
                        + " the same " + name.field();
                check(rayId -> {
                    throw new InvalidRowException(problem, rayId);
                });
            }
        }
        parts.add(part);
        return this;
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

    private static Step silent(Consumer<RayId> work) {
        return rayId -> {
            work.accept(rayId);
            return null;
        };
    }

    private static Named authorizationCode(TokenDigest code) {
        return Named.byDigest(TableName.AUTHORIZATION_CODES, "code", requireNonNull(code, "code"));
    }

    private static Named accessToken(TokenDigest token) {
        return Named.byDigest(TableName.ACCESS_TOKENS, "token", requireNonNull(token, "token"));
    }

    private static Named refreshToken(TokenDigest token) {
        return Named.byDigest(TableName.REFRESH_TOKENS, "token", requireNonNull(token, "token"));
    }

    private static Named throttle(TokenDigest key) {
        return Named.byDigest(TableName.THROTTLES, "key", requireNonNull(key, "key"));
    }

    private static Named deviceCode(String field, TokenDigest digest) {
        return Named.byDigest(TableName.DEVICE_CODES, field, requireNonNull(digest, field));
    }
}
