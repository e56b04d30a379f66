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
    private final Grouping grouping;
    private final Inbox<SqlUnit<?>> writes;
    private final Inbox<SqlRead<?, ?>> reads;
    private final Inbox<SqlRead<?, ?>> scans;
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
        this.grouping = new Grouping(parts.maxGroupSize);
        this.writes = new Inbox<>(parts.maxWaitingCalls);
        this.reads = new Inbox<>(parts.maxWaitingCalls);
        this.scans = new Inbox<>(parts.maxWaitingCalls);
        for (int i = 0; i < parts.lanes; i++) {
            lanes.add(new Lane(this, parts.servers, parts.keys, this::work));
        }
        for (int i = 0; i < parts.readers; i++) {
            readers.add(new Reader(this, parts.servers, this::work, Reader.MOST_UNDER_WAY));
        }
        scanner = List.of(new Reader(this, parts.servers, this::work, 1));
    }

    Texts texts() {
        return texts;
    }

    Outbox outbox() {
        return outbox;
    }

    Grouping grouping() {
        return grouping;
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
            Inbox<SqlRead<?, ?>> inbox = inboxOf(call);
            if (inbox.offer(List.of(call), caller, deadline) == 0) {
                // The caller holds no one's future yet, so no callback can run on its thread.
                Listening.fail(call.future(), refusal(inbox, call.rayId()));
            }
        }
        wake();
    }

    private Inbox<SqlRead<?, ?>> inboxOf(SqlRead<?, ?> call) {
        return call.isScan() ? scans : reads;
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
                handOut(reads, readers, Comparator.comparingInt(Reader::underWay), this::sendReads);
                handOut(scans, scanner, Comparator.comparingInt(Reader::underWay), this::sendScan);
                handOut(writes, lanes, Comparator.comparingLong(Lane::lastUsed).reversed(), this::sendUnits);
            } while (workAgain);
        } finally {
            working = false;
        }
        lookLater();
        if (ending.hasBegun() && isIdle()) {
            ending.closeChains(lanes, this::end);
        }
    }

    private interface Sending<L> {
        /** Sends what can travel together; false when nothing of what waits can be sent now. */
        boolean sendNext(L link);
    }

    private <L extends Link> void handOut(Inbox<?> inbox, List<L> links, Comparator<L> preference, Sending<L> sending) {
        while (!inbox.isEmpty()) {
            L free = links.stream().filter(Link::hasRoom).min(preference).orElse(null);
            if (free == null) {
                connect(links, inbox.size());
                return;
            }
            if (!sending.sendNext(free)) {
                return;
            }
        }
    }

    private boolean sendReads(Reader reader) {
        List<Waiting<SqlRead<?, ?>>> group = grouping.nextReads(reads, reader.hasRoomForLookups());
        if (!group.isEmpty()) {
            reader.send(group);
        }
        return !group.isEmpty();
    }

    private boolean sendScan(Reader reader) {
        List<Waiting<SqlRead<?, ?>>> next = grouping.nextReads(scans, false);
        if (!next.isEmpty()) {
            reader.send(next);
        }
        return !next.isEmpty();
    }

    private boolean sendUnits(Lane lane) {
        List<Waiting<SqlUnit<?>>> group = grouping.nextUnits(writes);
        if (!group.isEmpty()) {
            lane.write(group);
        }
        return !group.isEmpty();
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
        for (Waiting<SqlUnit<?>> unit : writes.takeOut(waiting -> waiting.isOverdue(now))) {
            failWaiting(unit, unit.call().future(), unit.call().rayId(), lanes);
        }
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
                inboxOf(call.call()).putBack(call);
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

    /** What a unit's transaction begins with: the server is to give up before this does. */
    String begin(Waiting<?> unit) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(unit.deadline() - System.nanoTime());
        return leftMillis > parts.callTimeout.minus(LATE).toMillis()
                ? texts.begin()
                : texts.begin() + "; SET LOCAL statement_timeout = " + Math.max(1, leftMillis);
    }

    /** Takes units back, in order, that were not applied. */
    void writeAgain(List<Waiting<SqlUnit<?>>> units, Throwable why) {
        for (int i = units.size() - 1; i >= 0; i--) {
            Waiting<SqlUnit<?>> unit = units.get(i);
            grouping.release(unit.call());
            if (ending.hasBegun() || unit.isOverdue(System.nanoTime())) {
                fail(unit, unit.call().future(), unit.call().rayId(), why, false);
            } else {
                writes.putBack(unit);
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
        inboxes().forEach(Inbox::close);
        parts.loop.runOnContext(tick -> {
            parts.vertx.setTimer(Ending.FINISH_MILLIS, late -> end());
            work();
        });
        if (Vertx.currentContext() == null) {
            ending.await();
        }
    }

    private List<Inbox<?>> inboxes() {
        return List.of(writes, reads, scans);
    }

    private boolean isIdle() {
        return inboxes().stream().allMatch(Inbox::isEmpty)
                && lanes.stream().noneMatch(Lane::isBusy)
                && Stream.concat(readers.stream(), scanner.stream()).allMatch(reader -> reader.underWay() == 0);
    }

    /** On any thread; there is no event loop any more that answers could leave by. */
    private void failAllWaiting() {
        Answers answers = new Answers(parts.callbacks, 0);
        for (Inbox<SqlRead<?, ?>> inbox : List.of(reads, scans)) {
            inbox.takeOut(all -> true)
                    .forEach(call -> answers.failed(
                            call.call().future(), closed(call.call().rayId())));
        }
        writes.takeOut(all -> true)
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
