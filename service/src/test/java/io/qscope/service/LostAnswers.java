package io.qscope.service;

import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOfWork;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A storage whose next answers to units of work get lost on the way: after the unit was committed, or before it was sent. */
@SuppressWarnings("FutureReturnValueIgnored")
final class LostAnswers {

    private final Storage real;
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger unsent = new AtomicInteger();
    private final AtomicInteger down = new AtomicInteger();
    private Runnable first = () -> {};

    LostAnswers(Storage real) {
        this.real = real;
    }

    /** Loses the answers to that many units that the storage commits. */
    void loseAfterCommit(int units) {
        committed.set(units);
    }

    /** After the next answer that gets lost, the storage is out of reach for so many calls, and says so. */
    void thenDown(int calls) {
        down.set(calls);
    }

    private boolean isDown() {
        return committed.get() == 0 && unsent.get() == 0 && down.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private static <T> CompletableFuture<T> unreachable(RayId ray) {
        return CompletableFuture.failedFuture(new StorageUnavailableException("out of reach", false, ray));
    }

    /** Has something else happen just before each unit is committed. */
    void comesFirst(Runnable other) {
        this.first = other;
    }

    /** Loses that many units themselves. */
    void loseBeforeCommit(int units) {
        unsent.set(units);
    }

    Storage storage() {
        return proxy(Storage.class, (method, arguments) -> {
            Object result = invoke(real, method, arguments);
            if (result instanceof AuditLogTable log) {
                return auditLog(log);
            }
            return result instanceof UnitOfWork unit ? unit(unit) : result;
        });
    }

    private AuditLogTable auditLog(AuditLogTable log) {
        return proxy(
                AuditLogTable.class,
                (method, arguments) -> method.getName().equals("getById") && isDown()
                        ? unreachable((RayId) arguments[1])
                        : invoke(log, method, arguments));
    }

    private UnitOfWork unit(UnitOfWork unit) {
        return proxy(UnitOfWork.class, (method, arguments) -> {
            if (!method.getName().equals("commit")) {
                return unit(((UnitOfWork) invoke(unit, method, arguments)));
            }
            first.run();
            RayId ray = (RayId) arguments[0];
            if (isDown()) {
                return unreachable(ray);
            }
            if (unsent.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return lost(ray);
            }
            CompletableFuture<?> answer = (CompletableFuture<?>) invoke(unit, method, arguments);
            return committed.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                    ? answer.thenCompose(done -> lost(ray))
                    : answer;
        });
    }

    private static <T> CompletableFuture<T> lost(RayId ray) {
        return CompletableFuture.failedFuture(new StorageUnavailableException("the answer was lost", true, ray));
    }

    private interface Call {
        Object to(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> call.to(method, arguments)));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
