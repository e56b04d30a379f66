package io.qscope.app;

import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Purged;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageProvider;
import io.qscope.store.StorageUnavailableException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/**
 * Storages that break a promise: {@code sabotaged:purge} deletes nothing, {@code sabotaged:outage} is out of reach, {@code
 * sabotaged:log} fails when its audit log is read.
 */
public final class SabotagedProvider implements StorageProvider {

    @Override
    public String scheme() {
        return "sabotaged";
    }

    @Override
    public Storage open(String url, StorageOptions options) {
        Storage sound = Storage.open("memory:", options);
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("purge")) {
                return url.endsWith("outage")
                        ? CompletableFuture.failedFuture(new StorageUnavailableException(
                                "the disk is full", false, (RayId) arguments[arguments.length - 1]))
                        : CompletableFuture.completedFuture(new Purged(0, 0, 1, 0, 0, 0, 1, 0, 0));
            }
            if (method.getName().equals("auditLog") && url.endsWith("log")) {
                return unreadable(sound.auditLog());
            }
            try {
                return method.invoke(sound, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        };
        return (Storage)
                Proxy.newProxyInstance(Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, handler);
    }

    private static AuditLogTable unreadable(AuditLogTable sound) {
        InvocationHandler handler =
                (proxy, method, arguments) -> method.getName().equals("page")
                        ? CompletableFuture.failedFuture(new StorageUnavailableException(
                                "the connection was lost", false, (RayId) arguments[arguments.length - 1]))
                        : method.invoke(sound, arguments);
        return (AuditLogTable) Proxy.newProxyInstance(
                AuditLogTable.class.getClassLoader(), new Class<?>[] {AuditLogTable.class}, handler);
    }
}
