package io.qscope.postgresql;

import io.qscope.store.Guarantees;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the primary among the servers, connects to it, and knows what it last said of itself. */
final class Servers {

    private static final String STATE = "SELECT " + ServerState.COLUMNS;

    /**
     * The same, and has the session plan each statement once, by keys, unless who operates the server has said otherwise. Nearly all
     * statements find their rows by a key, whatever its value and however large the tables are. Left to itself, the server plans some
     * of them anew each time, which takes longer than running them; and a plan that it made while a table was small may read all of
     * it, and is kept while the table grows.
     */
    private static final String STATE_PLANNING_ONCE = STATE
            + Stream.of(
                            "'plan_cache_mode', 'force_generic_plan'",
                            "'enable_seqscan', 'off'",
                            "'enable_hashjoin', 'off'",
                            "'enable_mergejoin', 'off'")
                    .map(setting ->
                            ", CASE WHEN current_setting('plan_cache_mode') <> 'force_custom_plan' THEN set_config("
                                    + setting + ", false) END")
                    .collect(Collectors.joining());

    private final Vertx vertx;
    private final List<PgConnectOptions> options;
    private final long timeoutMillis;
    private final boolean poolers;

    /** Makes the sockets, once there is one to make. */
    private @Nullable NetClient client;

    /** Where the primary was last, which is asked first. */
    private int last;

    /** How often it turned out to be elsewhere. */
    private int moves;

    /** Read on any thread. */
    private volatile Guarantees guarantees;

    /**
     * Not connected to any.
     *
     * @param timeoutMillis how long one of them may take to let a connection in
     * @param poolers whether each stands behind a pooler in transaction mode
     * @param guarantees what the primary keeps, as far as is known
     */
    Servers(Vertx vertx, List<PgConnectOptions> options, long timeoutMillis, boolean poolers, Guarantees guarantees) {
        this.vertx = vertx;
        this.options = options;
        this.timeoutMillis = timeoutMillis;
        this.poolers = poolers;
        this.guarantees = guarantees;
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

    /** What the primary keeps, as it last said. */
    Guarantees guarantees() {
        return guarantees;
    }

    /** The primary has said how it is. */
    void isAs(ServerState state) {
        if (state.takesWrites()) {
            guarantees = state.guarantees();
        }
    }

    /** A connection to the primary; to be called on the engine's context. */
    Future<Line> connect() {
        return connect(0, new NoPrimary());
    }

    private Future<Line> connect(int tried, Throwable failure) {
        if (tried == options.size()) {
            return Future.failedFuture(failure);
        }
        int which = (last + tried) % options.size();
        Line line = new Line(vertx, options.get(which), client());
        return inTime(line.connect()
                        // A pooler's session is others' as well, and there each statement is planned anew anyway.
                        .compose(connection -> connection
                                .query(poolers ? STATE : STATE_PLANNING_ONCE)
                                .execute()))
                .map(rows -> stateOf(rows.iterator().next()))
                .onFailure(why -> line.cut())
                .compose(state -> {
                    if (!state.takesWrites()) {
                        line.close();
                        return Future.<Line>failedFuture(failure);
                    }
                    isAs(state);
                    moves += which == last ? 0 : 1;
                    last = which;
                    return Future.succeededFuture(line);
                })
                .recover(why -> connect(tried + 1, why));
    }

    private NetClient client() {
        if (client == null) {
            client = vertx.createNetClient(new NetClientOptions()
                    .setConnectTimeout(Math.toIntExact(timeoutMillis))
                    .setTcpKeepAlive(true));
        }
        return client;
    }

    /** Lets no more connections be made, and closes those that do not end by themselves; to be called on the engine's context. */
    void close() {
        Future<Void> unused = client().shutdown(Line.FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static ServerState stateOf(Row row) {
        return ServerState.of(row::getString);
    }

    private <T> Future<T> inTime(Future<T> step) {
        Promise<T> promise = Promise.promise();
        long timer = vertx.setTimer(timeoutMillis, over -> promise.tryFail(new TimeoutException("connect")));
        step.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
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
