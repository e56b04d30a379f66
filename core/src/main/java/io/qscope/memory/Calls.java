package io.qscope.memory;

import io.qscope.engine.Callbacks;
import io.qscope.model.RayId;
import io.qscope.store.StorageUnavailableException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the calls of one storage: the work at once and alone, its answer on the storage's callbacks. */
final class Calls {

    private final MemoryData data;
    private final Callbacks callbacks;
    private final MemoryAuditChain chain;
    private boolean closed;

    Calls(MemoryData data, Callbacks callbacks, MemoryAuditChain chain) {
        this.data = data;
        this.callbacks = callbacks;
        this.chain = chain;
    }

    <R extends @Nullable Object> CompletableFuture<R> call(RayId rayId, Supplier<R> work) {
        Objects.requireNonNull(rayId, "rayId");
        CompletableFuture<R> answer = new CompletableFuture<>();
        callbacks.run(completion(answer, rayId, work));
        return answer;
    }

    /** Does the work now, and returns what tells of it later: outside the lock, since a callback may call again. */
    private <R extends @Nullable Object> Runnable completion(
            CompletableFuture<R> answer, RayId rayId, Supplier<R> work) {
        try {
            R result = data.atomically(() -> {
                if (closed) {
                    throw new StorageUnavailableException("this memory storage is closed; open one anew", false, rayId);
                }
                chain.begin();
                R done = work.get();
                chain.commit();
                return done;
            });
            return () -> answer.complete(result);
        } catch (RuntimeException e) {
            return () -> answer.completeExceptionally(e);
        }
    }

    CompletableFuture<Void> run(RayId rayId, Runnable work) {
        return call(rayId, () -> {
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
