package io.qscope.engine;

import io.qscope.model.RayId;
import io.qscope.store.StorageListener;
import io.qscope.store.TableName;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How an engine tells a {@link StorageListener} of its calls: it makes their futures here, notes when it takes calls up and when
 * their answers are known, and completes them here. Without a listener the futures are plain ones, and nothing is noted.
 */
public final class Listening {

    private static final Listening NOBODY = new Listening(null);

    private final @Nullable Teller teller;

    private Listening(@Nullable Teller teller) {
        this.teller = teller;
    }

    /** For one storage; none: nobody listens. */
    public static Listening to(@Nullable StorageListener listener) {
        return listener == null ? NOBODY : new Listening(new Teller(listener));
    }

    /** The future of a call that begins now. */
    public <R extends @Nullable Object> CompletableFuture<R> future(
            String operation, @Nullable TableName table, RayId rayId) {
        Objects.requireNonNull(rayId, "rayId");
        return teller == null ? new CompletableFuture<>() : new ToldFuture<>(teller, operation, table, rayId);
    }

    /** The future of a call that is refused before it reaches the engine. */
    public <R extends @Nullable Object> CompletableFuture<R> refused(
            String operation, @Nullable TableName table, RayId rayId, Throwable why) {
        CompletableFuture<R> call = future(operation, table, rayId);
        fail(call, why);
        return call;
    }

    /** The future of a call that is made of others, of which nobody is told; it is answered as {@code parts} is. */
    public <R extends @Nullable Object> CompletableFuture<R> whole(
            String operation, @Nullable TableName table, RayId rayId, CompletableFuture<R> parts) {
        if (teller == null) {
            return parts;
        }
        CompletableFuture<R> call = future(operation, table, rayId);
        takenUp(call, 1);
        CompletableFuture<R> unused = parts.whenComplete((value, failure) -> {
            if (failure == null) {
                complete(call, value);
            } else {
                fail(call, failure);
            }
        });
        return call;
    }

    /** Notes that work on a call begins, together with others; the last time counts. */
    public static void takenUp(CompletableFuture<?> call, int groupSize) {
        if (call instanceof ToldFuture<?> told) {
            told.takenUp(groupSize);
        }
    }

    /** Notes that a call's answer is known, if that is long before it is given. */
    public static void ended(CompletableFuture<?> call) {
        if (call instanceof ToldFuture<?> told) {
            told.ended();
        }
    }

    /** Answers a call. */
    public static <R extends @Nullable Object> void complete(CompletableFuture<R> call, @Nullable R value) {
        if (call instanceof ToldFuture<R> told) {
            told.tell(Outcomes.ofAnswer(value));
        }
        call.complete(value);
    }

    /** Fails a call. */
    public static void fail(CompletableFuture<?> call, Throwable failure) {
        if (call instanceof ToldFuture<?> told) {
            told.tell(Outcomes.ofFailure(failure));
        }
        call.completeExceptionally(failure);
    }
}
