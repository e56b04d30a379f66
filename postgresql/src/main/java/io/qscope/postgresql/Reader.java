package io.qscope.postgresql;

import io.qscope.engine.Listening;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRead;
import io.vertx.core.AsyncResult;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection that reads are sent down one behind the other, without waiting for answers; lookups that waited together, as one. */
final class Reader extends Link {

    /** Enough to keep a server busy over any distance, few enough that a slow one holds up few. */
    static final int MOST_UNDER_WAY = 64;

    /** Enough to keep a server busy, few enough that lookups gather behind them to travel together. */
    static final int MOST_LOOKUPS_UNDER_WAY = 2;

    /** For how long a server is trusted to be still the primary. */
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Dispatch dispatch;
    private final int mostUnderWay;
    private final int mostLookupsUnderWay;
    private final ArrayDeque<List<Waiting<SqlRead<?, ?>>>> underWay = new ArrayDeque<>();
    private int lookupsUnderWay;

    private long lookedAt;
    private long lastLookup;

    /**
     * Without a connection.
     *
     * @param mostUnderWay how many reads may be on their way at once
     * @param mostLookupsUnderWay how many of them may be lookups, or groups of those
     */
    Reader(Dispatch dispatch, Servers servers, Runnable ready, int mostUnderWay, int mostLookupsUnderWay) {
        super(servers, ready);
        this.dispatch = dispatch;
        this.mostUnderWay = mostUnderWay;
        this.mostLookupsUnderWay = mostLookupsUnderWay;
    }

    int underWay() {
        return underWay.size();
    }

    @Override
    boolean hasRoom() {
        return isUp() && underWay.size() < mostUnderWay;
    }

    /** Whether lookups are not to wait for others to come along. */
    boolean hasRoomForLookups() {
        return hasRoom() && lookupsUnderWay < mostLookupsUnderWay;
    }

    /** How many lookups are on their way, in whatever groups. */
    int lookupsUnderWay() {
        return underWay.stream().filter(Reader::isLookup).mapToInt(List::size).sum();
    }

    /** When it was sent a lookup last. */
    long lastLookup() {
        return lastLookup;
    }

    @Override
    boolean isOverdue(long now) {
        List<Waiting<SqlRead<?, ?>>> first = underWay.peek();
        return first != null && first.stream().anyMatch(read -> read.isOverdue(now));
    }

    @Override
    void opened() {
        // Nobody is connected to that does not take writes.
        lookedAt = System.nanoTime();
    }

    /** Sends a read, or lookups of one kind. */
    void send(List<Waiting<SqlRead<?, ?>>> group) {
        group.forEach(read -> Listening.takenUp(read.call().future(), group.size()));
        sendAgain(group);
    }

    private void sendAgain(List<Waiting<SqlRead<?, ?>>> group) {
        SqlQuery<?> query = group.get(0).call().query();
        String text;
        Tuple parameters;
        try {
            if (group.size() == 1) {
                text = dispatch.texts().plain(query.text());
                parameters = Texts.parameters(query.parameters());
            } else {
                List<List<@Nullable Object>> all = new ArrayList<>(group.size());
                group.forEach(read -> all.add(read.call().query().parameters()));
                List<ManyText.@Nullable Kind> kinds = dispatch.texts().kinds(query.text(), all);
                text = dispatch.texts().many(query, kinds);
                parameters = Texts.arrays(all, kinds);
            }
        } catch (Throwable unsendable) {
            failed(group, Failures.thrown(unsendable));
            return;
        }
        PgConnection used = connection();
        look(used);
        underWay.add(group);
        if (isLookup(group)) {
            lookupsUnderWay++;
            lastLookup = System.nanoTime();
        }
        whileStill(used, () -> statements().run(text, parameters).onComplete(done -> answered(used, group, done)));
    }

    /**
     * Asks now and then whether the server is the primary still: nothing else tells a storage that only reads. The question goes
     * ahead of a read, so what an old primary answers to that read is not taken any more.
     */
    private void look(PgConnection used) {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        lookedAt = now;
        used.query(ServerState.TAKES_WRITES).execute().onSuccess(rows -> {
            if (isStill(used) && !rows.iterator().next().getBoolean(0)) {
                dispatch.leaveReadOnly();
            }
        });
    }

    private void answered(PgConnection used, List<Waiting<SqlRead<?, ?>>> group, AsyncResult<RowSet<Row>> done) {
        if (!isStill(used)) {
            // It was lost before, and its calls with it.
            return;
        }
        if (done.failed() && Failures.endsConnection(done.cause())) {
            drop(used, done.cause());
            return;
        }
        arrived(group);
        lookupsUnderWay -= isLookup(group) ? 1 : 0;
        try {
            if (done.failed()) {
                failed(group, done.cause());
            } else if (group.size() == 1) {
                answer(group.get(0), group.get(0).call(), done.result(), 0);
            } else {
                answerEach(group, done.result());
            }
        } catch (Throwable thrown) {
            failEach(group, Failures.Broken.by(thrown));
        }
        dispatch.work();
    }

    /** Answers come in the order in which they were asked for, but for those that were never sent; so it is most often the first. */
    @SuppressWarnings("ReferenceEquality") // the very one: comparing what they hold costs as much as they hold
    private void arrived(List<Waiting<SqlRead<?, ?>>> group) {
        if (underWay.peek() == group) {
            underWay.remove();
        } else {
            underWay.removeIf(other -> other == group);
        }
    }

    private void failEach(List<Waiting<SqlRead<?, ?>>> reads, Throwable why) {
        for (Waiting<SqlRead<?, ?>> waiting : reads) {
            dispatch.fail(waiting, waiting.call().future(), waiting.call().rayId(), why, false);
        }
    }

    private static boolean isLookup(List<Waiting<SqlRead<?, ?>>> group) {
        return group.get(0).call().isLookup();
    }

    /** What fails one of them fails none of the others. */
    private void failed(List<Waiting<SqlRead<?, ?>>> group, Throwable why) {
        long now = System.nanoTime();
        if (group.size() == 1 || !Failures.isOfOneCall(why) || group.stream().allMatch(read -> read.isOverdue(now))) {
            failEach(group, why);
        } else {
            sendAgain(group.subList(0, group.size() / 2));
            sendAgain(group.subList(group.size() / 2, group.size()));
        }
    }

    private void answerEach(List<Waiting<SqlRead<?, ?>>> group, RowSet<Row> rows) {
        List<List<Row>> found = new ArrayList<>(group.size());
        group.forEach(read -> found.add(new ArrayList<>(1)));
        for (Row row : rows) {
            found.get(Math.toIntExact(row.getLong(0)) - 1).add(row);
        }
        for (int i = 0; i < group.size(); i++) {
            answer(group.get(i), group.get(i).call(), found.get(i), 1);
        }
    }

    private <T, R> void answer(Waiting<?> waiting, SqlRead<T, R> read, Iterable<Row> rows, int first) {
        try {
            R answer =
                    read.answer().apply(ResultRow.all(rows, first, read.query().mapper()));
            dispatch.outbox().answer(waiting.caller(), read.future(), answer);
        } catch (Throwable e) {
            dispatch.fail(waiting, read.future(), read.rayId(), Failures.insteadOfAnswer(e), false);
        }
    }

    /** Reading changes nothing: what was not answered is asked again on another connection, until its time is over, if it can be. */
    @Override
    void lost(Throwable why) {
        List<Waiting<SqlRead<?, ?>>> unanswered = new ArrayList<>();
        underWay.forEach(unanswered::addAll);
        underWay.clear();
        lookupsUnderWay = 0;
        if (why instanceof Failures.Broken) {
            failEach(unanswered, why);
        } else {
            dispatch.readAgain(unanswered, why);
        }
    }
}
