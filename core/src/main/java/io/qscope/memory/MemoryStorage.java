package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.Arguments;
import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.Attempt;
import io.qscope.store.AuditLogTable;
import io.qscope.store.AuthorizationCodeTable;
import io.qscope.store.AuthorizationRequestTable;
import io.qscope.store.AuthorizationTable;
import io.qscope.store.ClientTable;
import io.qscope.store.ConsentTable;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.Guarantee;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.IdTokenTable;
import io.qscope.store.Migration;
import io.qscope.store.Purged;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.SigningKeyTable;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.TableName;
import io.qscope.store.ThrottleTable;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UserAccountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A storage in memory, gone with its process: for tests, and as the readable reference of the contract. Every call is done
 * at once, alone, under one lock; only its answer comes on another thread.
 */
public final class MemoryStorage implements Storage {

    private static final String GONE_WITH_PROCESS = "memory is gone with its process";

    private static final Guarantees GUARANTEES = Guarantees.all()
            .without(Guarantee.SHARED_BY_PROCESSES, "memory belongs to one process")
            .without(Guarantee.DURABLE_BEYOND_PROCESS, GONE_WITH_PROCESS)
            .without(Guarantee.DURABLE_BEYOND_POWER, GONE_WITH_PROCESS)
            .without(Guarantee.DURABLE_BEYOND_NODE, GONE_WITH_PROCESS);

    private final MemoryData data;
    private final Calls calls;
    private final Runnable release;
    private final MemoryTables tables;

    private MemoryStorage(MemoryData data, StorageOptions options, Callbacks callbacks, Runnable release) {
        MemoryAuditChain chain = new MemoryAuditChain(data, options.keys().orElse(null));
        this.data = data;
        this.calls = new Calls(
                data, callbacks, chain, Listening.to(options.listener().orElse(null)));
        this.release = release;
        this.tables = MemoryTables.on(data, calls, chain);
    }

    /** Opens an empty storage of its own, whose futures complete on a growing pool of its own. */
    public static MemoryStorage open() {
        return open(StorageOptions.none());
    }

    /**
     * Opens an empty storage of its own, whose futures complete on a growing pool of its own.
     *
     * @param options with keys it chains the entries of its audit log
     */
    public static MemoryStorage open(StorageOptions options) {
        return openOn(new MemoryData(), options, () -> {});
    }

    /**
     * Opens an empty storage of its own.
     *
     * @param executor where futures complete; the caller shuts it down. {@code Runnable::run} completes them before the call
     *     returns
     */
    public static MemoryStorage open(Executor executor) {
        return open(StorageOptions.none(), executor);
    }

    /**
     * Opens an empty storage of its own.
     *
     * @param options as in {@link #open(StorageOptions)}
     * @param executor as in {@link #open(Executor)}
     */
    public static MemoryStorage open(StorageOptions options, Executor executor) {
        Callbacks callbacks = Callbacks.on(requireNonNull(executor, "executor"));
        return new MemoryStorage(new MemoryData(), options, callbacks, () -> {});
    }

    /** Opens one more storage on data that others share; {@code release} is run when it is closed. */
    static MemoryStorage openOn(MemoryData data, StorageOptions options, Runnable release) {
        return new MemoryStorage(data, options, Callbacks.growing(), release);
    }

    @Override
    public ClientTable clients() {
        return tables.clients();
    }

    @Override
    public AuthorizationTable authorizations() {
        return tables.authorizations();
    }

    @Override
    public AuthorizationCodeTable authorizationCodes() {
        return tables.authorizationCodes();
    }

    @Override
    public AccessTokenTable accessTokens() {
        return tables.accessTokens();
    }

    @Override
    public RefreshTokenTable refreshTokens() {
        return tables.refreshTokens();
    }

    @Override
    public DeviceCodeTable deviceCodes() {
        return tables.deviceCodes();
    }

    @Override
    public IdTokenTable idTokens() {
        return tables.idTokens();
    }

    @Override
    public AuthorizationRequestTable authorizationRequests() {
        return tables.authorizationRequests();
    }

    @Override
    public ConsentTable consents() {
        return tables.consents();
    }

    @Override
    public SigningKeyTable signingKeys() {
        return tables.signingKeys();
    }

    @Override
    public UserAccountTable users() {
        return tables.users();
    }

    @Override
    public ThrottleTable throttles() {
        return tables.throttles();
    }

    @Override
    public AuditLogTable auditLog() {
        return tables.auditLog();
    }

    @Override
    public UnitOfWork unitOfWork(Attempt attempt) {
        return new MemoryUnitOfWork(data, tables, calls, requireNonNull(attempt, "attempt"));
    }

    @Override
    public CompletableFuture<Purged> purge(Instant before, int limit, Attempt attempt, RayId rayId) {
        requireNonNull(before, "before");
        requireNonNull(attempt, "attempt");
        return calls.call("purge", null, rayId, () -> {
            Arguments.purgeLimit(limit, rayId);
            return new Purge(data, before, attempt.at(), limit).run();
        });
    }

    @Override
    public CompletableFuture<Set<String>> keysInUse(Instant at, RayId rayId) {
        requireNonNull(at, "at");
        return calls.call(
                "keysInUse",
                null,
                rayId,
                () -> neededDigests(at)
                        .flatMap(digest -> Stream.ofNullable(digest.keyId()))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private Stream<TokenDigest> neededDigests(Instant at) {
        Stream<TokenDigest> codes = tables.authorizationCodes()
                .seenAll()
                .filter(code -> code.authorizationRevokedAt() == null && at.isBefore(code.expiresAt()))
                .map(code -> code.code());
        Stream<TokenDigest> accessTokens = tables.accessTokens()
                .seenAll()
                .filter(token -> token.isLive(at))
                .map(token -> token.token());
        Stream<TokenDigest> refreshTokens = tables.refreshTokens()
                .seenAll()
                .filter(token -> token.toBuilder().rotatedAt(null).build().isLive(at))
                .map(token -> token.token());
        Stream<TokenDigest> deviceCodes = tables.deviceCodes()
                .seenAll()
                .filter(code -> code.isLive(at))
                .flatMap(code -> Stream.of(code.deviceCode(), code.userCode()));
        Stream<TokenDigest> idTokens =
                tables.idTokens().seenAll().filter(token -> token.isLive(at)).map(token -> token.token());
        Stream<TokenDigest> requests = tables.authorizationRequests()
                .seenAll()
                .filter(request -> request.authorizationRevokedAt() == null && at.isBefore(request.expiresAt()))
                .map(request -> request.handle());
        return Stream.of(codes, accessTokens, refreshTokens, deviceCodes, idTokens, requests)
                .flatMap(digests -> digests);
    }

    @Override
    public CompletableFuture<Map<TableName, Long>> rowCounts(RayId rayId) {
        return calls.call("rowCounts", null, rayId, () -> {
            Map<TableName, Long> counts = new EnumMap<>(TableName.class);
            for (TableName name : TableName.values()) {
                counts.put(
                        name,
                        name == TableName.THROTTLES
                                ? data.throttles.size()
                                : tables.named(name).seenAll().count());
            }
            return Map.copyOf(counts);
        });
    }

    @Override
    public CompletableFuture<Health> health(RayId rayId) {
        long start = System.nanoTime();
        return calls.call(
                "health", null, rayId, () -> new Health("memory", "", Duration.ofNanos(System.nanoTime() - start)));
    }

    @Override
    public CompletableFuture<Migration> migrate(RayId rayId) {
        return calls.call("migrate", null, rayId, () -> new Migration("", "", 0));
    }

    @Override
    public Guarantees guarantees() {
        return GUARANTEES;
    }

    @Override
    public void close() {
        if (calls.close()) {
            release.run();
        }
    }
}
