package io.qscope.postgresql;

import io.qscope.engine.Answers;
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
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls in on any thread, and hands them on one event loop to connections that have room. What belongs to the event loop
 * needs no lock.
 */
final class PostgresqlEngine implements SqlEngine {

    /** How often is looked for calls whose time is over, while there are any. */
    private static final long LOOK_EVERY_MILLIS = 50;

    /** How long calls under way may take to finish when the storage is closed. */
    private static final long FINISH_MILLIS = 3_000;

    /** The server's own time-out comes first: its answer says for certain that the call was not applied. */
    private static final Duration SERVER_FIRST = Duration.ofSeconds(1);

    private static final SqlQuery<Health> HEALTH = SqlQuery.of(
            "SELECT current_setting('server_version'), (SELECT max(version::int)::text FROM " + SqlSchema.HISTORY + ")",
            row -> new Health("PostgreSQL " + row.text(0), String.valueOf(row.text(1)), Duration.ZERO));

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
            Duration callTimeout,
            Callbacks callbacks,
            Listening listening,
            @Nullable Supplier<KeyRing> keys,
            Function<RayId, CompletableFuture<Migration>> migration,
            Guarantees guarantees) {}

    private final Parts parts;
    private final Failures failures;
    private final Texts texts;
    private final Outbox outbox;
    private final Inbox<SqlUnit<?>> writes;
    private final Inbox<SqlRead<?, ?>> reads;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** For the event loop: whether a timer looks for calls whose time is over. */
    private boolean looking;

    /** For the event loop: whether calls are being handed out, and whether to look once more. */
    private boolean working;

    private boolean workAgain;

    /** For the event loop: whether the chains are being closed, after the last call. */
    private boolean closing;

    PostgresqlEngine(Parts parts) {
        this.parts = parts;
        this.failures = new Failures(parts.database);
        this.texts = parts.texts;
        this.outbox = new Outbox(parts.loop, parts.callbacks);
        this.writes = new Inbox<>(parts.maxWaitingCalls);
        this.reads = new Inbox<>(parts.maxWaitingCalls);
        for (int i = 0; i < parts.lanes; i++) {
            lanes.add(new Lane(this, parts.servers, parts.keys, this::work));
        }
        for (int i = 0; i < parts.readers; i++) {
            readers.add(new Reader(this, parts.servers, this::work));
        }
    }

    Texts texts() {
        return texts;
    }

    Outbox outbox() {
        return outbox;
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
        for (int i = reads.offer(calls, callersContext(), deadline()); i < calls.size(); i++) {
            SqlRead<?, ?> call = calls.get(i);
            // The caller holds no one's future yet, so no callback can run on its thread.
            Listening.fail(call.future(), refusal(reads, call.rayId()));
        }
        wake();
    }

    @Override
    public void write(List<? extends SqlUnit<?>> units) {
        for (int i = writes.offer(units, callersContext(), deadline()); i < units.size(); i++) {
            SqlUnit<?> unit = units.get(i);
            Listening.fail(unit.future(), refusal(writes, unit.rayId()));
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
                    work();
                });
            } catch (RejectedExecutionException ended) {
                // The storage was closed meanwhile, or the application has closed its Vert.x.
                failAllWaiting();
            }
        }
    }

    /** Hands out what waits to whoever has room. */
    void work() {
        if (working) {
            // What is done here may call for more of it at once; it is done when this is through, and not within it.
            workAgain = true;
            return;
        }
        working = true;
        try {
            do {
                workAgain = false;
                links().forEach(Link::leaveOldPrimary);
                handOut(reads, readers, Comparator.comparingInt(Reader::underWay), Reader::send);
                handOut(writes, lanes, Comparator.comparingLong(Lane::lastUsed).reversed(), Lane::write);
            } while (workAgain);
        } finally {
            working = false;
        }
        lookLater();
        if (closed.get()) {
            endWhenIdle();
        }
    }

    private interface Sending<L, C> {
        void send(L link, Waiting<C> call);
    }

    private <L extends Link, C> void handOut(
            Inbox<C> inbox, List<L> links, Comparator<L> preference, Sending<L, C> sending) {
        while (!inbox.isEmpty()) {
            L free = links.stream().filter(Link::hasRoom).min(preference).orElse(null);
            if (free == null) {
                connect(links, inbox.size());
                return;
            }
            Waiting<C> call = inbox.poll();
            if (call != null) {
                sending.send(free, call);
            }
        }
    }

    /** Makes as many connections as there are calls, and no more than there may be. */
    private static void connect(List<? extends Link> links, int calls) {
        links.stream().filter(link -> !link.isUp()).limit(calls).forEach(Link::connect);
    }

    private void lookLater() {
        if (looking || isIdle()) {
            return;
        }
        looking = true;
        parts.vertx.setTimer(LOOK_EVERY_MILLIS, tick -> {
            looking = false;
            giveUpOverdue();
            work();
        });
    }

    private void giveUpOverdue() {
        long now = System.nanoTime();
        for (Waiting<SqlRead<?, ?>> call : reads.takeOut(waiting -> waiting.isOverdue(now))) {
            failWaiting(call, call.call().future(), call.call().rayId(), readers);
        }
        for (Waiting<SqlUnit<?>> unit : writes.takeOut(waiting -> waiting.isOverdue(now))) {
            failWaiting(unit, unit.call().future(), unit.call().rayId(), lanes);
        }
        long late = now - SERVER_FIRST.toNanos();
        for (Link link : links()) {
            if (link.isUp() && link.isOverdue(late)) {
                link.drop(link.connection(), new java.util.concurrent.TimeoutException("no answer"));
            }
        }
    }

    private List<Link> links() {
        List<Link> links = new ArrayList<>(readers);
        links.addAll(lanes);
        return links;
    }

    private void failWaiting(Waiting<?> waiting, CompletableFuture<?> future, RayId rayId, List<? extends Link> links) {
        Throwable lastFailure = links.stream()
                .map(Link::lastFailure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        String within = " within " + parts.callTimeout.toMillis() + " ms";
        String why;
        if (lastFailure != null) {
            why = "the server could not be reached" + within + ": " + Failures.why(lastFailure);
        } else if (links.stream().noneMatch(Link::isUp)) {
            why = "the server has let no connection in" + within + "; look whether it runs and can be reached";
        } else {
            why = "no connection was free" + within + "; call less often, or raise connections";
        }
        outbox.fail(waiting.caller(), future, failures.unavailable(why, false, rayId));
    }

    /** Answers a call that failed. */
    void fail(Waiting<?> waiting, CompletableFuture<?> future, RayId rayId, Throwable why, boolean outcomeUnknown) {
        outbox.fail(waiting.caller(), future, failures.inWords(why, outcomeUnknown, rayId));
    }

    /** Takes calls back, in order, whose connection was lost before it mattered. */
    void readAgain(List<Waiting<SqlRead<?, ?>>> unanswered, Throwable why) {
        for (int i = unanswered.size() - 1; i >= 0; i--) {
            Waiting<SqlRead<?, ?>> call = unanswered.get(i);
            if (closed.get() || call.isOverdue(System.nanoTime())) {
                fail(call, call.call().future(), call.call().rayId(), why, false);
            } else {
                reads.putBack(call);
            }
        }
    }

    /** Takes a unit back that was not applied. */
    void writeAgain(Waiting<SqlUnit<?>> unit, Throwable why) {
        if (closed.get() || unit.isOverdue(System.nanoTime())) {
            fail(unit, unit.call().future(), unit.call().rayId(), why, false);
        } else {
            writes.putBack(unit);
        }
    }

    @Override
    public CompletableFuture<Health> health(RayId rayId) {
        long asked = System.nanoTime();
        SqlRead<Health, Health> read = SqlRead.of(
                HEALTH,
                found -> new Health(
                        found.get(0).engine(),
                        found.get(0).schemaVersion(),
                        Duration.ofNanos(System.nanoTime() - asked)),
                rayId);
        read(List.of(read));
        return read.future();
    }

    @Override
    public CompletableFuture<Migration> migrate(RayId rayId) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(closed(rayId));
        }
        return parts.migration.apply(rayId);
    }

    @Override
    public Guarantees guarantees() {
        return parts.guarantees;
    }

    /** Waits for what is under way, but never on an event loop. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writes.close();
        reads.close();
        parts.loop.runOnContext(tick -> {
            parts.vertx.setTimer(FINISH_MILLIS, late -> end());
            work();
        });
        if (Vertx.currentContext() == null) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * FINISH_MILLIS);
        while (System.nanoTime() < until) {
            try {
                if (ended.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isIdle() {
        return writes.isEmpty()
                && reads.isEmpty()
                && lanes.stream().noneMatch(Lane::isBusy)
                && readers.stream().allMatch(reader -> reader.underWay() == 0);
    }

    private void endWhenIdle() {
        if (isIdle() && !closing) {
            closing = true;
            List<Future<?>> chains = new ArrayList<>();
            lanes.forEach(lane -> chains.add(lane.closeChain()));
            Future.join(chains).onComplete(done -> end());
        }
    }

    /** On any thread; there is no event loop any more that answers could leave by. */
    private void failAllWaiting() {
        Answers answers = new Answers(parts.callbacks, 0);
        reads.takeOut(all -> true)
                .forEach(call ->
                        answers.failed(call.call().future(), closed(call.call().rayId())));
        writes.takeOut(all -> true)
                .forEach(unit ->
                        answers.failed(unit.call().future(), closed(unit.call().rayId())));
        answers.send();
    }

    /** Ends all connections; what is still under way or waits is answered first. */
    private void end() {
        if (ended.getCount() == 0) {
            return;
        }
        failAllWaiting();
        links().forEach(link -> link.end(new java.io.EOFException("closed")));
        outbox.send();
        ended.countDown();
        parts.callbacks.close();
        if (parts.ownVertx) {
            Future<Void> unused = parts.vertx.close();
        }
    }

    private StorageUnavailableException refusal(Inbox<?> inbox, RayId rayId) {
        return inbox.isClosed()
                ? closed(rayId)
                : failures.unavailable(
                        "too many calls are waiting (" + parts.maxWaitingCalls
                                + "); call less often, wait for answers, or raise maxWaitingCalls",
                        false,
                        rayId);
    }

    private StorageUnavailableException closed(RayId rayId) {
        return failures.unavailable("the storage is closed; open it again", false, rayId);
    }
}
