package io.qscope.postgresql;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlUnit;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import io.qscope.store.StorageUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes calls in on any thread, and has them {@linkplain Dispatch handed out} on one event loop. */
final class PostgresqlEngine implements SqlEngine {

    /** What the engine is made of. */
    record Parts(
            Vertx vertx,
            boolean ownVertx,
            Context loop,
            Servers servers,
            String database,
            Texts texts,
            int lanes,
            int readers,
            int maxWaitingCalls,
            int maxGroupSize,
            Duration callTimeout,
            Callbacks callbacks,
            Listening listening,
            @Nullable Supplier<KeyRing> keys,
            Function<RayId, CompletableFuture<Migration>> migration) {}

    private final Parts parts;
    private final Failures failures;
    private final Ending ending = new Ending();
    private final Dispatch dispatch;
    private final AtomicBoolean woken = new AtomicBoolean();

    PostgresqlEngine(Parts parts) {
        this.parts = parts;
        this.failures = new Failures(parts.database);
        this.dispatch = new Dispatch(parts, failures, ending);
        dispatch.watchLoop();
    }

    @Override
    public SqlDialect dialect() {
        return SqlDialect.POSTGRESQL;
    }

    @Override
    public Listening listening() {
        return parts.listening;
    }

    @Override
    public void read(List<? extends SqlRead<?, ?>> calls) {
        Context caller = callersContext();
        long deadline = deadline();
        for (SqlRead<?, ?> call : calls) {
            ReadQueue queue = dispatch.queueOf(call);
            if (!queue.offer(call, caller, deadline)) {
                // The caller holds no one's future yet, so no callback can run on its thread.
                Listening.fail(call.future(), refusal(queue.isClosed(), call.rayId()));
            }
        }
        wake();
    }

    @Override
    public void write(List<? extends SqlUnit<?>> calls) {
        for (int i = dispatch.units().offer(calls, callersContext(), deadline()); i < calls.size(); i++) {
            SqlUnit<?> unit = calls.get(i);
            Listening.fail(unit.future(), refusal(dispatch.units().isClosed(), unit.rayId()));
        }
        wake();
    }

    /** An application that lives on Vert.x expects its answers where it asked. */
    @SuppressWarnings("ReferenceEquality") // a context is itself alone
    private @Nullable Context callersContext() {
        Context current = Vertx.currentContext();
        return parts.loop.equals(current) ? null : current;
    }

    private long deadline() {
        return System.nanoTime() + parts.callTimeout.toNanos();
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                parts.loop.runOnContext(tick -> {
                    woken.set(false);
                    dispatch.work();
                });
            } catch (RejectedExecutionException ended) {
                // Who watches the loop answers all that it left behind, what has just come in too.
                woken.set(false);
            }
        }
    }

    @Override
    public CompletableFuture<Health> health(RayId rayId) {
        SqlRead<SignOfLife, Health> read = SignOfLife.asked(parts.servers, rayId);
        read(List.of(read));
        return read.future();
    }

    @Override
    public CompletableFuture<Migration> migrate(RayId rayId) {
        if (ending.hasBegun()) {
            return CompletableFuture.failedFuture(failures.closed(rayId));
        }
        return parts.migration.apply(rayId);
    }

    @Override
    public Guarantees guarantees() {
        return parts.servers.guarantees();
    }

    /** Waits for what is under way, but never on an event loop. */
    @Override
    public void close() {
        if (!ending.begin()) {
            return;
        }
        dispatch.close();
        try {
            parts.loop.runOnContext(tick -> dispatch.finish());
        } catch (RejectedExecutionException ended) {
            // Who watches the loop does the rest.
        }
        if (Vertx.currentContext() == null) {
            ending.await();
        }
    }

    private StorageUnavailableException refusal(boolean isClosed, RayId rayId) {
        return isClosed
                ? failures.closed(rayId)
                : failures.unavailable(
                        "too many calls are waiting (" + parts.maxWaitingCalls
                                + "); call less often, wait for answers, or raise maxWaitingCalls",
                        false,
                        rayId);
    }
}
