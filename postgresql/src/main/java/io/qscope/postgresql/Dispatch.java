package io.qscope.postgresql;

import io.qscope.model.RayId;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlUnit;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Hands what waits to connections that have room, and gives up what waits too long. Belongs to the event loop, but for the queues' inboxes;
 * what belongs to the event loop needs no lock.
 */
final class Dispatch {

    /** How often is looked for calls whose time is over, while there are any. */
    private static final long LOOK_EVERY_MILLIS = 50;

    /** The server's own time-out comes first: its answer says for certain that the call was not applied. */
    private static final Duration SERVER_FIRST = Duration.ofSeconds(1);

    /** For how long calls that are under way are worth waiting for: longer than a commit takes that nothing is in the way of. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * LOOK_EVERY_MILLIS);

    /** So many units are worth a transaction of their own, whatever is under way: behind a slow commit they would wait for nothing. */
    private static final int WORTH_A_TRANSACTION = 32;

    /** So many lookups cost little more than one. */
    private static final int WORTH_A_STATEMENT = 8;

    /** A unit that has waited for as long is given what is left of its time, not as much again. */
    private static final Duration LATE = SERVER_FIRST.dividedBy(2);

    private final PostgresqlEngine.Parts parts;
    private final Failures failures;
    private final Ending ending;
    private final Texts texts;
    private final Outbox outbox;
    private final LoopWatch watch;
    private final UnitQueue units;
    private final ReadQueue reads;
    private final ReadQueue scans;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    /** Has one scan under way at a time: on a reader, all that was sent behind it would wait. */
    private final List<Reader> scanner;

    /** Whether a timer looks for calls whose time is over. */
    private boolean looking;

    /** Whether calls are being handed out, and whether to look once more. */
    private boolean working;

    private boolean workAgain;

    Dispatch(PostgresqlEngine.Parts parts, Failures failures, Ending ending) {
        this.parts = parts;
        this.failures = failures;
        this.ending = ending;
        this.texts = parts.texts();
        this.outbox = new Outbox(parts.loop(), parts.callbacks());
        this.watch = new LoopWatch(parts.loop(), this::loopEnded);
        this.units = new UnitQueue(parts.maxWaitingCalls(), parts.maxGroupSize());
        this.reads = new ReadQueue(parts.maxWaitingCalls(), parts.maxGroupSize());
        this.scans = new ReadQueue(parts.maxWaitingCalls(), 1);
        for (int i = 0; i < parts.lanes(); i++) {
            lanes.add(new Lane(this, parts.servers(), parts.keys(), this::work));
        }
        for (int i = 0; i < parts.readers(); i++) {
            // Where none travel together, there is nothing to wait for.
            int lookups = parts.maxGroupSize() == 1 ? Reader.MOST_UNDER_WAY : Reader.MOST_LOOKUPS_UNDER_WAY;
            readers.add(new Reader(this, parts.servers(), this::work, Reader.MOST_UNDER_WAY, lookups));
        }
        scanner = List.of(new Reader(this, parts.servers(), this::work, 1, 0));
    }

    /** To be called once, when this is whole. */
    void watchLoop() {
        watch.start();
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

    /** Where a read waits. */
    ReadQueue queueOf(SqlRead<?, ?> call) {
        return call.isScan() ? scans : reads;
    }

    /** Takes no more calls in; on any thread. */
    void close() {
        units.close();
        reads.close();
        scans.close();
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
        while (reads.hasLookups() && areWorthAStatement()) {
            Reader free = readers.stream()
                    .filter(Reader::hasRoomForLookups)
                    .min(Comparator.comparingInt(Reader::underWay))
                    .orElse(null);
            if (free == null) {
                connect(readers, reads.waiting());
                return;
            }
            free.send(reads.nextLookups(lookupShare()));
        }
    }

    /** Whether as many wait as are under way, or as make a statement worth its price; fewer gather until something is answered. */
    private boolean areWorthAStatement() {
        long now = System.nanoTime();
        int underWay = readers.stream()
                .filter(reader -> now - reader.lastLookup() < SOON_NANOS)
                .mapToInt(Reader::lookupsUnderWay)
                .sum();
        return reads.lookups() >= Math.min(underWay, Math.min(WORTH_A_STATEMENT, parts.maxGroupSize() - 1));
    }

    /** An equal share: were all that wait to go together, one connection would work while the others wait for what comes of it. */
    private int lookupShare() {
        int all = reads.waiting()
                + readers.stream().mapToInt(Reader::lookupsUnderWay).sum();
        int slots = readers.size() * Reader.MOST_LOOKUPS_UNDER_WAY;
        return Math.max(WORTH_A_STATEMENT, (all + slots - 1) / slots);
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
        while (units.hasReady() && areWorthALane()) {
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

    /**
     * Whether the next unit goes by itself anyway, or as many wait as are under way or are worth a transaction; fewer gather until
     * something is through. Two connections then do most of the work, one being sent to while the other commits. The others are for
     * many calls, and for when something is held up.
     */
    private boolean areWorthALane() {
        if (units.nextGoesAlone()) {
            return true;
        }
        long now = System.nanoTime();
        int underWay = lanes.stream()
                .filter(lane -> now - lane.lastUsed() < SOON_NANOS)
                .mapToInt(Lane::underWay)
                .sum();
        return units.ready() >= Math.min(underWay, Math.min(WORTH_A_TRANSACTION, parts.maxGroupSize() - 1));
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
        parts.vertx().setTimer(LOOK_EVERY_MILLIS, tick -> {
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
        String why = Link.whyNone(links, parts.callTimeout());
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
        return leftMillis > parts.callTimeout().minus(LATE).toMillis()
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

    private boolean isIdle() {
        return units.waiting() + reads.waiting() + scans.waiting() == 0
                && lanes.stream().noneMatch(Lane::isBusy)
                && Stream.concat(readers.stream(), scanner.stream()).allMatch(reader -> reader.underWay() == 0);
    }

    /** Gives what is under way or waits a while to be done, and ends. */
    void finish() {
        parts.vertx().setTimer(Ending.FINISH_MILLIS, late -> end());
        work();
    }

    /** Ends all connections; what is still under way or waits is answered first. */
    private void end() {
        if (ending.isOver()) {
            return;
        }
        failAllWaiting();
        links().forEach(link -> link.end(new java.io.EOFException("closed")));
        parts.servers().close();
        over();
        watch.stop();
        if (parts.ownVertx()) {
            Future<Void> unused = parts.vertx().close();
        }
    }

    /** Does without the event loop what is left to do: to answer. Nobody else touches any of this, the loop having ended. */
    private void loopEnded() {
        if (ending.isOver()) {
            return;
        }
        ending.begin();
        close();
        outbox.sendNothingByItself();
        try {
            links().forEach(link -> link.abandon(new Failures.LoopEnded()));
            failAllWaiting();
        } finally {
            over();
        }
    }

    private void failAllWaiting() {
        for (ReadQueue queue : List.of(reads, scans)) {
            for (Waiting<SqlRead<?, ?>> read : queue.takeOut(all -> true)) {
                failClosed(read, read.call().future(), read.call().rayId());
            }
        }
        for (Waiting<SqlUnit<?>> unit : units.takeOut(all -> true)) {
            failClosed(unit, unit.call().future(), unit.call().rayId());
        }
    }

    private void failClosed(Waiting<?> waiting, CompletableFuture<?> future, RayId rayId) {
        outbox.fail(waiting.caller(), future, failures.closed(rayId));
    }

    private void over() {
        outbox.send();
        ending.setOver();
        parts.callbacks().close();
    }
}
