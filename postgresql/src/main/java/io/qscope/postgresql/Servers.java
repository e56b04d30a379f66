package io.qscope.postgresql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.List;

/** Finds the primary among the servers, and connects to it. */
final class Servers {

    private static final String IS_REPLICA = "SELECT pg_is_in_recovery()";

    private final Vertx vertx;
    private final List<PgConnectOptions> options;
    private final long timeoutMillis;

    /** Where the primary was last, which is asked first. */
    private int last;

    Servers(Vertx vertx, List<PgConnectOptions> options, long timeoutMillis) {
        this.vertx = vertx;
        this.options = options;
        this.timeoutMillis = timeoutMillis;
    }

    /** None of the servers takes writes. */
    static final class NoPrimary extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoPrimary() {
            super("", null, false, false);
        }
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
        return within(PgConnection.connect(vertx, options.get(which)))
                .compose(connection -> isPrimary(connection).compose(primary -> {
                    if (primary) {
                        last = which;
                        return Future.succeededFuture(connection);
                    }
                    Future<Void> unused = connection.close();
                    return Future.failedFuture(failure);
                }))
                .recover(why -> connect(tried + 1, why));
    }

    private Future<Boolean> isPrimary(PgConnection connection) {
        return connection
                .query(IS_REPLICA)
                .execute()
                .map(rows -> !rows.iterator().next().getBoolean(0))
                .onFailure(broken -> connection.close());
    }

    /** Gives up after the time-out; a connection that comes later is closed. */
    private Future<PgConnection> within(Future<PgConnection> connecting) {
        Promise<PgConnection> promise = Promise.promise();
        long timer = vertx.setTimer(
                timeoutMillis, late -> promise.tryFail(new java.util.concurrent.TimeoutException("connect")));
        connecting.onComplete(connected -> {
            vertx.cancelTimer(timer);
            if (connected.failed()) {
                promise.tryFail(connected.cause());
            } else if (!promise.tryComplete(connected.result())) {
                Future<Void> unused = connected.result().close();
            }
        });
        return promise.future();
    }

    /** For {@link Context}s, which timers and connections belong to. */
    Vertx vertx() {
        return vertx;
    }
}
