package io.qscope.sqlite;

import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationCodeTable;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Storage;
import io.qscope.store.ThrottleCount;
import io.qscope.store.ThrottleTable;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Storages that break a promise which only a second process, or a process killed, can notice. */
final class SabotagedStorage {

    private static final Lock IN_THIS_JVM = new ReentrantLock();

    private SabotagedStorage() {}

    /** Looks whether a code is live, then consumes it, under a lock that no other process knows of. */
    static Storage consumingUnderALockOfThisJvm(Storage honest) {
        AuthorizationCodeTable codes = honest.authorizationCodes();
        AuthorizationCodeTable sabotaged = proxy(
                AuthorizationCodeTable.class,
                (proxy, method, arguments) -> method.getName().equals("consume")
                        ? consume(codes, (TokenDigest) arguments[0], (Attempt) arguments[1], (RayId) arguments[2])
                        : honestly(codes, method, arguments));
        return with("authorizationCodes", sabotaged, honest);
    }

    private static CompletableFuture<ConsumeOutcome<AuthorizationCode>> consume(
            AuthorizationCodeTable codes, TokenDigest code, Attempt attempt, RayId ray) {
        IN_THIS_JVM.lock();
        try {
            boolean live = Sqlite.await(codes.getByCode(code, ray))
                    .filter(row -> row.isLive(attempt.at()))
                    .isPresent();
            ConsumeOutcome<AuthorizationCode> outcome = Sqlite.await(codes.consume(code, attempt, ray));
            return CompletableFuture.completedFuture(
                    live && outcome instanceof ConsumeOutcome.AlreadyConsumed<AuthorizationCode> late
                            ? new ConsumeOutcome.Consumed<>(late.row())
                            : outcome);
        } finally {
            IN_THIS_JVM.unlock();
        }
    }

    /** Counts for this process what all processes are to count together. */
    static Storage countingForThisJvm(Storage honest) {
        ThrottleTable throttles = honest.throttles();
        Map<TokenDigest, AtomicInteger> counts = new ConcurrentHashMap<>();
        ThrottleTable sabotaged = proxy(ThrottleTable.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("count")) {
                return honestly(throttles, method, arguments);
            }
            TokenDigest key = (TokenDigest) arguments[0];
            return throttles
                    .count(key, (Duration) arguments[1], (Attempt) arguments[2], (RayId) arguments[3])
                    .thenApply(counted -> new ThrottleCount(
                            counts.computeIfAbsent(key, none -> new AtomicInteger())
                                    .incrementAndGet(),
                            counted.endsAt()));
        });
        return with("throttles", sabotaged, honest);
    }

    /** Acknowledges inserted access tokens as soon as the engine gives any sign of life. */
    static Storage acknowledgingBeforeTheCommit(Storage honest) {
        AccessTokenTable tokens = honest.accessTokens();
        AccessTokenTable sabotaged = proxy(AccessTokenTable.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("insert")) {
                return honestly(tokens, method, arguments);
            }
            var unused = tokens.insert((AccessToken) arguments[0], (RayId) arguments[1]);
            return honest.health((RayId) arguments[1]).thenApply(alive -> null);
        });
        return with("accessTokens", sabotaged, honest);
    }

    /** Commits the parts of a unit of work one after the other. */
    static Storage committingPartByPart(Storage honest) {
        return proxy(
                Storage.class,
                (proxy, method, arguments) -> method.getName().equals("unitOfWork")
                        ? partByPart(honest, (Attempt) arguments[0])
                        : honestly(honest, method, arguments));
    }

    private static UnitOfWork partByPart(Storage honest, Attempt attempt) {
        List<UnitOfWork> parts = new ArrayList<>();
        return proxy(UnitOfWork.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("commit")) {
                UnitOfWork part = honest.unitOfWork(attempt);
                honestly(part, method, arguments);
                parts.add(part);
                return proxy;
            }
            RayId ray = (RayId) arguments[0];
            CompletableFuture<UnitOutcome> answer = parts.get(0).commit(ray);
            for (UnitOfWork part : parts.subList(1, parts.size())) {
                answer = answer.thenCompose(before -> part.commit(ray));
            }
            return answer;
        });
    }

    private static Storage with(String name, Object table, Storage honest) {
        return proxy(
                Storage.class,
                (proxy, method, arguments) ->
                        method.getName().equals(name) ? table : honestly(honest, method, arguments));
    }

    private static @Nullable Object honestly(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(SabotagedStorage.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
