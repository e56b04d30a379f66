package io.qscope.postgresql;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import org.jspecify.annotations.Nullable;

/**
 * A place for a connection, which is made when a call needs it, and made anew when it was lost. Belongs to the event loop.
 */
abstract class Link {

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Servers servers;
    private final Runnable ready;
    private @Nullable PgConnection connection;
    private @Nullable Statements statements;
    private int movesBefore;
    private boolean connecting;
    private boolean ended;
    private long pauseMillis;
    private @Nullable Throwable lastFailure;

    /**
     * Without a connection.
     *
     * @param ready called whenever calls may be sent, or may not any more
     */
    Link(Servers servers, Runnable ready) {
        this.servers = servers;
        this.ready = ready;
    }

    /** Whether it can take another call now. */
    abstract boolean hasRoom();

    /** When the first of the calls under way is given up; {@link Long#MAX_VALUE} when there is none. */
    abstract boolean isOverdue(long now);

    /** The connection is gone, and so are the answers to what was sent down it. */
    abstract void lost(Throwable why);

    final boolean isUp() {
        return connection != null;
    }

    /** Whether this is the connection now, and not one that was lost since. */
    @SuppressWarnings("ReferenceEquality") // the very one
    final boolean isStill(PgConnection which) {
        return connection == which;
    }

    /** Ends a connection to a server that is the primary no more. It may still answer, with what was true when it was. */
    final void leaveOldPrimary() {
        if (connection != null && movesBefore != servers.moves()) {
            drop(connection, new java.io.EOFException("the primary is another server"));
        }
    }

    final PgConnection connection() {
        if (connection == null) {
            throw new IllegalStateException("there is no connection");
        }
        return connection;
    }

    /** What is sent down the {@link #connection}. */
    final Statements statements() {
        if (connection == null || statements == null) {
            throw new IllegalStateException("there is no connection");
        }
        return statements;
    }

    /** Why there is no connection, if that is known. */
    final @Nullable Throwable lastFailure() {
        return connection == null ? lastFailure : null;
    }

    /** Makes a connection, unless there is one, or one on its way. */
    final void connect() {
        if (connection != null || connecting || ended) {
            return;
        }
        connecting = true;
        if (pauseMillis == 0) {
            connectNow();
        } else {
            servers.vertx().setTimer(pauseMillis, waited -> connectNow());
        }
    }

    private void connectNow() {
        servers.connect().onComplete(connected -> {
            connecting = false;
            if (connected.failed()) {
                lastFailure = connected.cause();
                pauseMillis = Math.min(Math.max(2 * pauseMillis, FIRST_PAUSE_MILLIS), LONGEST_PAUSE_MILLIS);
            } else if (ended) {
                Future<Void> unused = connected.result().close();
            } else {
                use(connected.result());
            }
            ready.run();
        });
    }

    private void use(PgConnection fresh) {
        lastFailure = null;
        pauseMillis = 0;
        connection = fresh;
        statements = servers.statements(fresh);
        movesBefore = servers.moves();
        // What comes without being asked for is followed by the connection's end, which says enough.
        fresh.exceptionHandler(unasked -> {});
        fresh.noticeHandler(notice -> {
            if (Failures.NotConfirmed.isSaidBy(notice)) {
                drop(fresh, new Failures.NotConfirmed());
            }
        });
        fresh.closeHandler(closed -> drop(fresh, new java.io.EOFException("closed")));
        opened();
    }

    /** There is a connection, on which nothing was sent yet. */
    abstract void opened();

    /** Ends the connection, if it is still this one, whatever is under way on it. */
    final void drop(PgConnection which, Throwable why) {
        if (!isStill(which)) {
            return;
        }
        connection = null;
        statements = null;
        lastFailure = why;
        Future<Void> unused = which.close();
        lost(why);
        ready.run();
    }

    /** Ends the connection and makes no other. */
    final void end(Throwable why) {
        ended = true;
        if (connection != null) {
            drop(connection, why);
        }
    }
}
