package io.qscope.postgresql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Finds the primary among the servers, and connects to it. */
final class Servers {

    /** A replica does not, nor does a primary that was set to be read only because another is to take its place. */
    private static final String TAKES_WRITES = "SELECT current_setting('transaction_read_only') = 'off'";

    private final Vertx vertx;
    private final List<PgConnectOptions> options;
    private final long timeoutMillis;
    private final boolean poolers;

    /** Where the primary was last, which is asked first. */
    private int last;

    /** How often it turned out to be elsewhere. */
    private int moves;

    /**
     * Servers, to none of which there is a connection.
     *
     * @param poolers whether each stands behind a pooler in transaction mode
     */
    Servers(Vertx vertx, List<PgConnectOptions> options, long timeoutMillis, boolean poolers) {
        this.vertx = vertx;
        this.options = options;
        this.timeoutMillis = timeoutMillis;
        this.poolers = poolers;
    }

    /** None of the servers takes writes. */
    static final class NoPrimary extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoPrimary() {
            super("", null, false, false);
        }
    }

    /** Changes when the primary is found on another server: what was connected before leads to the old one. */
    int moves() {
        return moves;
    }

    /** A connection to the primary; to be called on the engine's context. */
    Future<PgConnection> connect() {
        return connect(0, new NoPrimary());
    }

    private Future<PgConnection> connect(int tried, Throwable failure) {
        if (tried == options.size()) {
            return Future.failedFuture(failure);
        }
        int which = (last + tried) % options.size();
        return within(PgConnection.connect(vertx, options.get(which)), PgConnection::close)
                .compose(connection -> takesWrites(connection).compose(primary -> {
                    if (primary) {
                        moves += which == last ? 0 : 1;
                        last = which;
                        return Future.succeededFuture(connection);
                    }
                    Future<Void> unused = connection.close();
                    return Future.failedFuture(failure);
                }))
                .recover(why -> connect(tried + 1, why));
    }

    private Future<Boolean> takesWrites(PgConnection connection) {
        return within(connection.query(TAKES_WRITES).execute(), late -> Future.succeededFuture())
                .map(rows -> rows.iterator().next().getBoolean(0))
                .onFailure(broken -> connection.close());
    }

    /**
     * Gives up after the time-out.
     *
     * @param late what is done with a result that comes later
     */
    private <T> Future<T> within(Future<T> step, Function<T, Future<?>> late) {
        Promise<T> promise = Promise.promise();
        long timer = vertx.setTimer(timeoutMillis, over -> promise.tryFail(new TimeoutException("connect")));
        step.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.failed()) {
                promise.tryFail(done.cause());
            } else if (!promise.tryComplete(done.result())) {
                Future<?> unused = late.apply(done.result());
            }
        });
        return promise.future();
    }

    /** How statements are sent down a connection; to be called on the engine's context. */
    Statements statements(PgConnection connection) {
        return new Statements(connection, vertx.getOrCreateContext(), poolers);
    }

    /** For {@link Context}s, which timers and connections belong to. */
    Vertx vertx() {
        return vertx;
    }
}
