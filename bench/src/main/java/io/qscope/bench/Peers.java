package io.qscope.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.qscope.bench.Settings.Engine;
import io.qscope.bench.Settings.Peer;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.load.Callers;
import io.qscope.bench.load.Load;
import io.qscope.bench.load.Side;
import io.qscope.bench.load.ThreadSide;
import io.qscope.bench.side.BatchCallers;
import io.qscope.bench.side.JdbcCallers;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Pool;
import io.qscope.bench.side.SpringCallers;
import io.qscope.bench.side.SpringJdbc;
import io.qscope.bench.side.SpringStorage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Those beside qscope, on a data set. */
final class Peers implements AutoCloseable {

    /** More than that bring nothing on a machine of this size. */
    private static final int[] CALLERS = {4, 8, 16, 32};

    private static final int MOST_CALLERS = 32;

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
        this.spring = isSpring(settings.peer())
                ? SpringJdbc.on(data, mostSpringCallers(settings), settings.peer() == Peer.SPRING)
                : null;
    }

    private static boolean isSpring(Peer peer) {
        return peer == Peer.SPRING || peer == Peer.SHIPPED;
    }

    /** On SQLite one more, for whoever writes in a mixed load beside those that read. */
    private static int poolSize(Settings settings) {
        return settings.engine() == Engine.SQLITE
                ? settings.peerConnections() + 1
                : givenOr(MOST_CALLERS, settings.peerConnections());
    }

    private static int mostSpringCallers(Settings settings) {
        return givenOr(MOST_CALLERS, settings.peerCallers());
    }

    private static int givenOr(int otherwise, int given) {
        return given > 0 ? given : otherwise;
    }

    /** None when qscope is measured alone. */
    @Nullable
    Chosen choose(Operation operation, Load load) throws Exception {
        return switch (settings.peer()) {
            case NONE -> null;
            case SELF -> self(operation, load);
            case BATCH -> batch(operation, load);
            case JDBC -> jdbc(operation, load);
            case SPRING, SHIPPED -> spring(operation, load);
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

    private Chosen jdbc(Operation operation, Load load) throws Exception {
        if (pool == null) {
            throw new IllegalStateException("there is no pool");
        }
        boolean sqlite = settings.engine() == Engine.SQLITE;
        JdbcCallers.Habits habits = sqlite ? JdbcCallers.Habits.KEPT : JdbcCallers.Habits.BORROWED;
        JdbcCallers calls = new JdbcCallers(operation, data, pool, habits, ours.families());
        int callers = sqlite ? sqliteCallers(operation) : settings.peerConnections();
        if (callers == 0) {
            callers = best("jdbc", calls, load);
        } else if (!load.isOpen()) {
            callers = Math.min(callers, load.inFlight());
        }
        return new Chosen(
                new ThreadSide("jdbc", load, callers, calls, FIRST_GUESS),
                callers,
                (sqlite ? "xerial" : "pgjdbc, " + poolSize(settings) + " connections of HikariCP") + ", " + callers
                        + (callers == 1 ? " thread" : " threads") + ", a statement a round trip");
    }

    /** SQLite has one writer. */
    private int sqliteCallers(Operation operation) {
        return switch (operation) {
            case LOOKUP -> settings.peerConnections();
            case MIXED -> settings.peerConnections() + 1;
            case INSERT, REDEEM, REFRESH -> 1;
        };
    }

    private Chosen spring(Operation operation, Load load) throws Exception {
        if (spring == null) {
            throw new IllegalStateException("there is no Spring storage");
        }
        String name = settings.peer() == Peer.SPRING ? "spring" : "shipped";
        SpringCallers calls = new SpringCallers(operation, spring);
        int callers = settings.peerCallers() > 0 ? settings.peerCallers() : best(name, calls, load);
        return new Chosen(
                new ThreadSide(name, load, callers, calls, FIRST_GUESS),
                callers,
                "Spring Authorization Server's JDBC storage "
                        + (settings.peer() == Peer.SPRING ? "with indexes, " : "as it is shipped, ") + callers
                        + " threads, "
                        + (2 * mostSpringCallers(settings) + 2) + " connections");
    }

    /**
     * Which number of threads does most in turns of a third; there are at most as many as calls in flight. A turn before them does
     * not count, since it would be at the expense of the first number.
     */
    private int best(String name, Callers calls, Load load) throws Exception {
        trial(name, calls, CALLERS[0]);
        int best = 1;
        double most = 0;
        for (int callers : CALLERS) {
            int threads = load.isOpen() ? callers : Math.min(callers, load.inFlight());
            if (threads > best || most == 0) {
                double perSecond = trial(name, calls, threads);
                if (perSecond > most) {
                    most = perSecond;
                    best = threads;
                }
            }
        }
        return best;
    }

    private double trial(String name, Callers calls, int threads) throws Exception {
        return new ThreadSide(name, Load.closed(threads), threads, calls, FIRST_GUESS)
                .turn((long) (settings.seconds() * TimeUnit.SECONDS.toNanos(1) / 3))
                .perSecond();
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
