package io.qscope.service;

import io.qscope.store.AuditLogTable;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A storage that counts the entries that are read from its audit log, by time. */
final class ReadEntries {

    private ReadEntries() {}

    static Storage counted(Storage real, AtomicLong read) {
        AuditLogTable log = proxy(AuditLogTable.class, (self, method, arguments) -> {
            Object answer = method.invoke(real.auditLog(), arguments);
            return method.getName().equals("page")
                    ? ((CompletableFuture<?>) answer).thenApply(slice -> {
                        read.addAndGet(((Slice<?>) slice).rows().size());
                        return slice;
                    })
                    : answer;
        });
        return proxy(
                Storage.class,
                (self, method, arguments) ->
                        method.getName().equals("auditLog") ? log : method.invoke(real, arguments));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
