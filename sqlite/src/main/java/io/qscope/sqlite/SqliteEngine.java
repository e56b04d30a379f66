package io.qscope.sqlite;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlSchema;
import io.qscope.sql.SqlUnit;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes calls in, hands them to the writing thread and the reading ones, and ends them all in time. */
final class SqliteEngine implements SqlEngine {

    /** How long calls under way may take to finish when the storage is closed, and how long until none may be open. */
    private static final long FINISH_NANOS = 3_000_000_000L;

    private static final long END_NANOS = 4_500_000_000L;
    private static final long INTERRUPT_EVERY_MILLIS = 20;

    private static final String NO_ANSWER = "the storage was closed, and the disk did not answer";

    private static final SqlQuery<Health> HEALTH = SqlQuery.of(
            "SELECT sqlite_version(), (SELECT max(CAST(version AS INTEGER)) FROM " + SqlSchema.HISTORY + ")",
            row -> new Health("SQLite " + row.text(0), String.valueOf(row.text(1)), Duration.ZERO));

    /** What the engine is made of. */
    record Parts(
            Path file,
            FileIdentity identity,
            SqliteConnection writing,
            List<SqliteConnection> reading,
            int maxWaitingCalls,
            int maxGroupSize,
            Callbacks callbacks,
            Listening listening,
            @Nullable Supplier<KeyRing> keys,
            Halt halt,
            Guarantees guarantees) {}

    /** Asked by whatever waits or works: true once the time for finishing is over. */
    static final class Halt implements BooleanSupplier {

        private volatile boolean halted;

        @Override
        public boolean getAsBoolean() {
            return halted;
        }
    }

    private final Parts parts;
    private final CallQueue<SqlUnit<?>> writes;
    private final CallQueue<SqlRead<?, ?>> reads;
    private final SqliteWriter writer;
    private final List<SqliteReader> readers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteEngine(Parts parts) {
        this.parts = parts;
        this.writes = new CallQueue<>(parts.maxWaitingCalls, parts.maxGroupSize, 1);
        this.reads = new CallQueue<>(
                parts.maxWaitingCalls, Math.min(parts.maxGroupSize, SqliteReader.LARGEST_GROUP), parts.reading.size());
        this.writer = new SqliteWriter(
                parts.file, parts.identity, parts.writing, parts.keys, writes, parts.callbacks, parts.halt);
        threads.add(new Thread(() -> work(writer, writer::abandon), "qscope-sqlite-writer"));
        for (SqliteConnection connection : parts.reading) {
            SqliteReader reader = new SqliteReader(parts.file, connection, reads, parts.callbacks, parts.halt);
            readers.add(reader);
            threads.add(new Thread(() -> work(reader, reader::abandon), "qscope-sqlite-reader-" + readers.size()));
        }
        working.set(threads.size());
    }

    /**
     * The last thread closes all connections, one after the other: the last one brings the log into the database and removes
     * it, and of several that close at once, each may take another for the last.
     */
    private void work(Runnable calls, Consumer<String> abandon) {
        try {
            while (!ran(calls, abandon)) {
                // No failure may end a thread that calls wait for.
            }
        } finally {
            if (working.decrementAndGet() == 0) {
                parts.reading.forEach(SqliteConnection::close);
                parts.writing.close();
            }
        }
    }

    /** False when it failed, and there may be more to do. */
    private static boolean ran(Runnable calls, Consumer<String> abandon) {
        try {
            calls.run();
            return true;
        } catch (RuntimeException | Error e) {
            abandon.accept(Answers.notForeseen(e));
            return false;
        }
    }

    static SqliteEngine start(Parts parts) {
        SqliteEngine engine = new SqliteEngine(parts);
        for (Thread thread : engine.threads) {
            thread.setDaemon(true);
            thread.start();
        }
        return engine;
    }

    @Override
    public SqlDialect dialect() {
        return SqlDialect.SQLITE;
    }

    @Override
    public Listening listening() {
        return parts.listening;
    }

    @Override
    public void read(List<? extends SqlRead<?, ?>> calls) {
        for (int i = reads.offer(calls); i < calls.size(); i++) {
            SqlRead<?, ?> call = calls.get(i);
            // The caller holds no one's future yet, so no callback can run on its thread.
            Listening.fail(call.future(), refusal(reads, call.rayId()));
        }
    }

    @Override
    public void write(List<? extends SqlUnit<?>> units) {
        for (int i = writes.offer(units); i < units.size(); i++) {
            SqlUnit<?> unit = units.get(i);
            Listening.fail(unit.future(), refusal(writes, unit.rayId()));
        }
    }

    @Override
    public CompletableFuture<Health> health(RayId rayId) {
        long asked = System.nanoTime();
        SqlRead<Health, Health> read = SqlRead.of(
                HEALTH,
                found -> {
                    if (!parts.identity.holds()) {
                        throw parts.identity.changed(rayId);
                    }
                    return new Health(
                            found.get(0).engine(),
                            found.get(0).schemaVersion(),
                            Duration.ofNanos(System.nanoTime() - asked));
                },
                rayId);
        read(List.of(read));
        return read.future();
    }

    /** Opening migrated already; what another process's newer release did since is not ours to touch. */
    @Override
    public CompletableFuture<Migration> migrate(RayId rayId) {
        SqlRead<Health, Migration> read = SqlRead.of(
                HEALTH,
                found ->
                        new Migration(found.get(0).schemaVersion(), found.get(0).schemaVersion(), 0),
                rayId);
        read(List.of(read));
        return read.future();
    }

    @Override
    public Guarantees guarantees() {
        return parts.guarantees;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writes.close();
        reads.close();
        long start = System.nanoTime();
        if (!ended(start + FINISH_NANOS, null)) {
            parts.halt.halted = true;
            ended(start + END_NANOS, this::interruptStatements);
        }
        // Nothing is left if all threads came to their ends.
        abandon();
        parts.callbacks.close();
    }

    /** Waits for the threads; {@code nudge} runs now and again while they last. */
    private boolean ended(long until, @Nullable Runnable nudge) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            // A callback that runs on an engine's thread, by an executor that calls it directly, may close the storage.
            while (thread.isAlive() && thread != Thread.currentThread() && System.nanoTime() < until) {
                if (nudge != null) {
                    nudge.run();
                }
                try {
                    thread.join(INTERRUPT_EVERY_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return threads.stream().noneMatch(thread -> thread.isAlive() && thread != Thread.currentThread());
    }

    private void interruptStatements() {
        parts.writing.interrupt();
        parts.reading.forEach(SqliteConnection::interrupt);
    }

    private void abandon() {
        Answers answers = new Answers(parts.callbacks, parts.file, 0);
        List<SqlUnit<?>> units = new ArrayList<>();
        writes.drain(units, Integer.MAX_VALUE);
        units.forEach(unit -> answers.failed(unit.future(), unit.rayId(), closed(parts.file, unit.rayId())));
        List<SqlRead<?, ?>> calls = new ArrayList<>();
        reads.drain(calls, Integer.MAX_VALUE);
        calls.forEach(call -> answers.failed(call.future(), call.rayId(), closed(parts.file, call.rayId())));
        answers.send();
        writer.abandon(NO_ANSWER);
        readers.forEach(reader -> reader.abandon(NO_ANSWER));
    }

    private StorageUnavailableException refusal(CallQueue<?> queue, RayId rayId) {
        if (queue.isClosed()) {
            return closed(parts.file, rayId);
        }
        return new StorageUnavailableException(
                parts.file + ": too many calls are waiting (" + parts.maxWaitingCalls
                        + "); call less often, wait for answers, or raise maxWaitingCalls",
                false,
                rayId);
    }

    static StorageUnavailableException closed(Path file, RayId rayId) {
        return new StorageUnavailableException(file + ": the storage is closed; open it again", false, rayId);
    }
}
