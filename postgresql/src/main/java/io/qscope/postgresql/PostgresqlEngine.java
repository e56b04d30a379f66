package io.qscope.postgresql;

import io.qscope.engine.Answers;
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
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls in on any thread, and hands them on one event loop to connections that have room. What belongs to the event loop
 * needs no lock.
 */
final class PostgresqlEngine implements SqlEngine {

    /** How often is looked for calls whose time is over, while there are any. */
    private static final long LOOK_EVERY_MILLIS = 50;

    /** The server's own time-out comes first: its answer says for certain that the call was not applied. */
    private static final Duration SERVER_FIRST = Duration.ofSeconds(1);

    /** A unit that has waited for as long is given what is left of its time, not as much again. */
    private static final Duration LATE = SERVER_FIRST.dividedBy(2);

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
    private final Texts texts;
    private final Outbox outbox;
    private final UnitQueue units;
    private final ReadQueue reads;
    private final ReadQueue scans;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    /** Has one scan under way at a time: on a reader, all that was sent behind it would wait. */
    private final List<Reader> scanner;

    private final AtomicBoolean woken = new AtomicBoolean();
    private final Ending ending = new Ending();

    /** For the event loop: whether a timer looks for calls whose time is over. */
    private boolean looking;

    /** For the event loop: whether calls are being handed out, and whether to look once more. */
    private boolean working;

    private boolean workAgain;

    PostgresqlEngine(Parts parts) {
        this.parts = parts;
        this.failures = new Failures(parts.database);
        this.texts = parts.texts;
        this.outbox = new Outbox(parts.loop, parts.callbacks);
        this.units = new UnitQueue(parts.maxWaitingCalls, parts.maxGroupSize);
        this.reads = new ReadQueue(parts.maxWaitingCalls, parts.maxGroupSize);
        this.scans = new ReadQueue(parts.maxWaitingCalls, 1);
        for (int i = 0; i < parts.lanes; i++) {
            lanes.add(new Lane(this, parts.servers, parts.keys, this::work));
        }
        for (int i = 0; i < parts.readers; i++) {
            // Where none travel together, there is nothing to wait for.
            int lookups = parts.maxGroupSize == 1 ? Reader.MOST_UNDER_WAY : Reader.MOST_LOOKUPS_UNDER_WAY;
            readers.add(new Reader(this, parts.servers, this::work, Reader.MOST_UNDER_WAY, lookups));
        }
        scanner = List.of(new Reader(this, parts.servers, this::work, 1, 0));
    }

    Texts texts() {
        return texts;
    }

    Outbox outbox() {
        return outbox;
    }

    UnitQueue units() {
        return units;
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
            ReadQueue queue = queueOf(call);
            if (!queue.offer(call, caller, deadline)) {
                // The caller holds no one's future yet, so no callback can run on its thread.
                Listening.fail(call.future(), refusal(queue.isClosed(), call.rayId()));
            }
        }
        wake();
    }

    private ReadQueue queueOf(SqlRead<?, ?> call) {
        return call.isScan() ? scans : reads;
    }

    @Override
    public void write(List<? extends SqlUnit<?>> calls) {
        for (int i = units.offer(calls, callersContext(), deadline()); i < calls.size(); i++) {
            SqlUnit<?> unit = calls.get(i);
            Listening.fail(unit.future(), refusal(units.isClosed(), unit.rayId()));
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
                sendLookups();
                sendReads(reads, readers);
                sendReads(scans, scanner);
                sendUnits();
            } while (workAgain);
        } finally {
            working = false;
        }
        lookLater();
        if (ending.hasBegun() && isIdle()) {
            ending.closeChains(lanes, this::end);
        }
    }

    private void sendLookups() {
        reads.takeIn();
        while (reads.hasLookups()) {
            Reader free = readers.stream()
                    .filter(Reader::hasRoomForLookups)
                    .min(Comparator.comparingInt(Reader::underWay))
                    .orElse(null);
            if (free == null) {
                connect(readers, reads.waiting());
                return;
            }
            free.send(reads.nextLookups());
        }
    }

    private void sendReads(ReadQueue queue, List<Reader> links) {
        queue.takeIn();
        while (queue.hasOthers()) {
            Reader free = links.stream()
                    .filter(Link::hasRoom)
                    .min(Comparator.comparingInt(Reader::underWay))
                    .orElse(null);
            if (free == null) {
                connect(links, queue.waiting());
                return;
            }
            free.send(queue.nextOther());
        }
    }

    private void sendUnits() {
        units.takeIn();
        units.takeOutOverdue(System.nanoTime()).forEach(this::failLate);
        while (units.hasReady()) {
            Lane free = lanes.stream()
                    .filter(Link::hasRoom)
                    .max(Comparator.comparingLong(Lane::lastUsed))
                    .orElse(null);
            if (free == null) {
                connect(lanes, units.waiting());
                return;
            }
            free.write(units.next());
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
        for (Waiting<SqlRead<?, ?>> call : scans.takeOut(waiting -> waiting.isOverdue(now))) {
            failWaiting(call, call.call().future(), call.call().rayId(), scanner);
        }
        units.takeOut(waiting -> waiting.isOverdue(now)).forEach(this::failLate);
        long late = now - SERVER_FIRST.toNanos();
        for (Link link : links()) {
            if (link.isOverdue(late)) {
                link.leave(new TimeoutException("no answer"));
            }
        }
    }

    private List<Link> links() {
        List<Link> links = new ArrayList<>(readers);
        links.addAll(scanner);
        links.addAll(lanes);
        return links;
    }

    private void failWaiting(Waiting<?> waiting, CompletableFuture<?> future, RayId rayId, List<? extends Link> links) {
        String why = Link.whyNone(links, parts.callTimeout);
        outbox.fail(waiting.caller(), future, failures.unavailable(why, false, rayId));
    }

    /** Answers a unit that was not applied, and whose time is over. */
    void failLate(Waiting<SqlUnit<?>> unit) {
        failWaiting(unit, unit.call().future(), unit.call().rayId(), lanes);
    }

    /** Answers a call that failed. */
    void fail(Waiting<?> waiting, CompletableFuture<?> future, RayId rayId, Throwable why, boolean outcomeUnknown) {
        outbox.fail(waiting.caller(), future, failures.inWords(why, outcomeUnknown, rayId));
    }

    /** Takes calls back, in order, whose connection was lost before it mattered. */
    void readAgain(List<Waiting<SqlRead<?, ?>>> unanswered, Throwable why) {
        for (int i = unanswered.size() - 1; i >= 0; i--) {
            Waiting<SqlRead<?, ?>> call = unanswered.get(i);
            if (ending.hasBegun() || call.isOverdue(System.nanoTime())) {
                fail(call, call.call().future(), call.call().rayId(), why, false);
            } else {
                queueOf(call.call()).putBack(call);
            }
        }
    }

    /**
     * Leaves a server that says it takes no writes: another may do, and what this one still answers is then out of date. A unit that
     * is under way is told so itself.
     */
    void leaveReadOnly() {
        List<Link> left = new ArrayList<>(readers);
        left.addAll(scanner);
        lanes.stream().filter(Lane::hasRoom).forEach(left::add);
        // Each that is left would let work be handed to those that are to be left next, which would cut it off again.
        boolean within = working;
        working = true;
        try {
            left.forEach(link -> link.leave(new Servers.NoPrimary()));
        } finally {
            working = within;
        }
        work();
    }

    /** What a transaction begins with that has so much time left. */
    String begin(long leftNanos) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(leftNanos);
        return leftMillis > parts.callTimeout.minus(LATE).toMillis()
                ? texts.begin()
                : texts.begin() + "; SET LOCAL statement_timeout = " + Math.max(1, leftMillis);
    }

    /** Takes units back, in order, that were not applied. */
    void writeAgain(List<Waiting<SqlUnit<?>>> again, Throwable why) {
        for (int i = again.size() - 1; i >= 0; i--) {
            Waiting<SqlUnit<?>> unit = again.get(i);
            if (ending.hasBegun() || unit.isOverdue(System.nanoTime())) {
                units.release(unit.call());
                fail(unit, unit.call().future(), unit.call().rayId(), why, false);
            } else {
                units.putBack(unit);
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
            return CompletableFuture.failedFuture(closed(rayId));
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
        units.close();
        reads.close();
        scans.close();
        parts.loop.runOnContext(tick -> {
            parts.vertx.setTimer(Ending.FINISH_MILLIS, late -> end());
            work();
        });
        if (Vertx.currentContext() == null) {
            ending.await();
        }
    }

    private boolean isIdle() {
        return units.waiting() + reads.waiting() + scans.waiting() == 0
                && lanes.stream().noneMatch(Lane::isBusy)
                && Stream.concat(readers.stream(), scanner.stream()).allMatch(reader -> reader.underWay() == 0);
    }

    /** On any thread; there is no event loop any more that answers could leave by. */
    private void failAllWaiting() {
        Answers answers = new Answers(parts.callbacks, 0);
        for (ReadQueue queue : List.of(reads, scans)) {
            queue.takeOut(all -> true)
                    .forEach(call -> answers.failed(
                            call.call().future(), closed(call.call().rayId())));
        }
        units.takeOut(all -> true)
                .forEach(unit ->
                        answers.failed(unit.call().future(), closed(unit.call().rayId())));
        answers.send();
    }

    /** Ends all connections; what is still under way or waits is answered first. */
    private void end() {
        if (ending.isOver()) {
            return;
        }
        failAllWaiting();
        links().forEach(link -> link.end(new java.io.EOFException("closed")));
        parts.servers.close();
        outbox.send();
        ending.setOver();
        parts.callbacks.close();
        if (parts.ownVertx) {
            Future<Void> unused = parts.vertx.close();
        }
    }

    private StorageUnavailableException refusal(boolean isClosed, RayId rayId) {
        return isClosed
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
