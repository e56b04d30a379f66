package io.qscope.memory;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.model.RayId;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the calls of one storage: the work at once and alone, its answer on the storage's callbacks. */
final class Calls {

    private final MemoryData data;
    private final Callbacks callbacks;
    private final MemoryAuditChain chain;
    private final Listening listening;
    private boolean closed;

    Calls(MemoryData data, Callbacks callbacks, MemoryAuditChain chain, Listening listening) {
        this.data = data;
        this.callbacks = callbacks;
        this.chain = chain;
        this.listening = listening;
    }

    <R extends @Nullable Object> CompletableFuture<R> call(
            String operation, @Nullable TableName table, RayId rayId, Supplier<R> work) {
        CompletableFuture<R> answer = listening.future(operation, table, rayId);
        callbacks.run(completion(answer, rayId, work));
        return answer;
    }

    /** Does the work now, and returns what tells of it later: outside the lock, since a callback may call again. */
    private <R extends @Nullable Object> Runnable completion(
            CompletableFuture<R> answer, RayId rayId, Supplier<R> work) {
        try {
            R result = data.atomically(() -> {
                Listening.takenUp(answer, 1);
                if (closed) {
                    throw new StorageUnavailableException("this memory storage is closed; open one anew", false, rayId);
                }
                chain.begin();
                R done = work.get();
                chain.commit();
                return done;
            });
            Listening.ended(answer);
            return () -> Listening.complete(answer, result);
        } catch (RuntimeException e) {
            Listening.ended(answer);
            return () -> Listening.fail(answer, e);
        }
    }

    CompletableFuture<Void> run(String operation, @Nullable TableName table, RayId rayId, Runnable work) {
        return call(operation, table, rayId, () -> {
            work.run();
            return null;
        });
    }

    /** Lets no call begin any more. False if that was so already. */
    boolean close() {
        boolean first = data.atomically(() -> {
            boolean wasOpen = !closed;
            if (wasOpen) {
                chain.close();
            }
            closed = true;
            return wasOpen;
        });
        callbacks.close();
        return first;
    }
}
