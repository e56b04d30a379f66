package io.qscope.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.qscope.bench.Settings.Engine;
import io.qscope.bench.Settings.Peer;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.load.Load;
import io.qscope.bench.load.Side;
import io.qscope.bench.load.ThreadSide;
import io.qscope.bench.side.BatchCallers;
import io.qscope.bench.side.JdbcCallers;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Pool;
import io.qscope.bench.side.SpringCallers;
import io.qscope.bench.side.SpringStorage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Those beside qscope, on a data set. */
final class Peers implements AutoCloseable {

    /** More than that bring nothing on a machine of this size, and each needs two connections. */
    private static final int[] SPRING_CALLERS = {4, 8, 16, 32};

    private static final int MOST_SPRING_CALLERS = 32;

    /** Before anything is known. */
    private static final double FIRST_GUESS = 4_000;

    private final Settings settings;
    private final DataSet data;
    private final Ours ours;
    private final @Nullable HikariDataSource pool;
    private final @Nullable SpringStorage spring;

    /**
     * One of them.
     *
     * @param callers threads, or calls in flight
     * @param words what it does, for people
     */
    record Chosen(Side side, int callers, String words) {}

    Peers(Settings settings, DataSet data, Ours ours) throws Exception {
        this.settings = settings;
        this.data = data;
        this.ours = ours;
        this.pool = settings.peer() == Peer.JDBC ? Pool.of(data, poolSize(settings)) : null;
        this.spring = settings.peer() == Peer.SPRING ? new SpringStorage(data, mostSpringCallers(settings)) : null;
    }

    /** On SQLite one more, for whoever writes in a mixed load beside those that read. */
    private static int poolSize(Settings settings) {
        return settings.peerConnections() + (settings.engine() == Engine.SQLITE ? 1 : 0);
    }

    private static int mostSpringCallers(Settings settings) {
        return settings.peerCallers() > 0 ? settings.peerCallers() : MOST_SPRING_CALLERS;
    }

    /** None when qscope is measured alone. */
    @Nullable
    Chosen choose(Operation operation, Load load) throws Exception {
        return switch (settings.peer()) {
            case NONE -> null;
            case SELF -> self(operation, load);
            case BATCH -> batch(operation, load);
            case JDBC -> jdbc(operation, load);
            case SPRING -> spring(operation, load);
        };
    }

    private Chosen self(Operation operation, Load load) {
        return new Chosen(
                ours.side("self", data, operation, load),
                load.inFlight(),
                "qscope"
                        + (settings.peerRows() > 0 ? " with " + data.sample().rows() + " rows" : "")
                        + (settings.purge() > 0 ? " without a purge" : ""));
    }

    private Chosen batch(Operation operation, Load load) {
        BatchCallers callers = new BatchCallers(operation, data, settings.batch(), ours.families());
        return new Chosen(
                new ThreadSide("batch", load, 1, callers, FIRST_GUESS),
                1,
                "one transaction of " + settings.batch() + " after the other, raw");
    }

    private Chosen jdbc(Operation operation, Load load) {
        if (pool == null) {
            throw new IllegalStateException("there is no pool");
        }
        boolean sqlite = settings.engine() == Engine.SQLITE;
        int callers = settings.peerConnections();
        if (sqlite && operation != Operation.LOOKUP && operation != Operation.MIXED) {
            callers = 1;
        } else if (sqlite && operation == Operation.MIXED) {
            callers++;
        }
        callers = load.isOpen() ? callers : Math.min(callers, load.inFlight());
        JdbcCallers.Habits habits = sqlite ? JdbcCallers.Habits.KEPT : JdbcCallers.Habits.BORROWED;
        return new Chosen(
                new ThreadSide(
                        "jdbc",
                        load,
                        callers,
                        new JdbcCallers(operation, data, pool, habits, ours.families()),
                        FIRST_GUESS),
                callers,
                (sqlite ? "xerial" : "pgjdbc, " + settings.peerConnections() + " connections of HikariCP") + ", "
                        + callers + (callers == 1 ? " thread" : " threads") + ", a statement a round trip");
    }

    private Chosen spring(Operation operation, Load load) throws Exception {
        if (spring == null) {
            throw new IllegalStateException("there is no Spring storage");
        }
        SpringCallers calls = new SpringCallers(operation, spring);
        int callers = settings.peerCallers() > 0 ? settings.peerCallers() : best(calls, load);
        return new Chosen(
                new ThreadSide("spring", load, callers, calls, FIRST_GUESS),
                callers,
                "Spring Authorization Server's JDBC storage with indexes, " + callers + " threads, "
                        + (2 * mostSpringCallers(settings) + 2) + " connections");
    }

    /** Which number of threads does most in turns of a third; there are at most as many as calls in flight. */
    private int best(SpringCallers calls, Load load) throws Exception {
        int best = 1;
        double most = 0;
        for (int callers : SPRING_CALLERS) {
            int threads = load.isOpen() ? callers : Math.min(callers, load.inFlight());
            if (threads > best || most == 0) {
                Side trial = new ThreadSide("spring", Load.closed(threads), threads, calls, FIRST_GUESS);
                double perSecond = trial.turn((long) (settings.seconds() * TimeUnit.SECONDS.toNanos(1) / 3))
                        .perSecond();
                if (perSecond > most) {
                    most = perSecond;
                    best = threads;
                }
            }
        }
        return best;
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
        if (spring != null) {
            spring.close();
        }
    }
}
