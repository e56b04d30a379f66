package io.qscope.engine;

import io.qscope.model.RayId;
import io.qscope.store.CallOutcome;
import io.qscope.store.StorageCall;
import io.qscope.store.TableName;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The future of a call that a listener is told of. The engine's threads hand it on to each other, so that only the end, which two
 * may come to when a storage is closed, needs care.
 */
final class ToldFuture<R extends @Nullable Object> extends CompletableFuture<R> {

    private final Teller teller;
    private final String operation;
    private final @Nullable TableName table;
    private final RayId rayId;
    private final long asked = System.nanoTime();
    private final AtomicBoolean told = new AtomicBoolean();
    private long takenUp;
    private int groupSize;
    private long ended;
    private boolean hasEnded;

    ToldFuture(Teller teller, String operation, @Nullable TableName table, RayId rayId) {
        this.teller = teller;
        this.operation = operation;
        this.table = table;
        this.rayId = rayId;
    }

    /** What depends on it is its caller's, and nobody is told of that. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    void takenUp(int together) {
        takenUp = System.nanoTime();
        groupSize = together;
    }

    void ended() {
        ended = System.nanoTime();
        hasEnded = true;
    }

    /** Told before it is completed, and also if its caller cancelled it: the call was made all the same. */
    void tell(CallOutcome outcome) {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        long end = hasEnded ? ended : System.nanoTime();
        long start = groupSize == 0 ? end : takenUp;
        teller.tell(new StorageCall(
                operation,
                table,
                rayId,
                outcome,
                Duration.ofNanos(Math.max(0, start - asked)),
                Duration.ofNanos(Math.max(0, end - start)),
                Math.max(1, groupSize),
                end));
    }
}
