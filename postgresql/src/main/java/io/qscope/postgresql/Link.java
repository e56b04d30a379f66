package io.qscope.postgresql;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place for a connection, which is made when a call needs it, and made anew when it was lost. Belongs to the event loop.
 */
abstract class Link {

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Servers servers;
    private final Runnable ready;
    private @Nullable Line line;
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

    /** Whether a call is under way whose time was over at that moment, by {@link System#nanoTime}. */
    abstract boolean isOverdue(long now);

    /** The connection is gone, and so are the answers to what was sent down it. */
    abstract void lost(Throwable why);

    final boolean isUp() {
        return line != null;
    }

    /** Whether this is the connection now, and not one that was lost since. */
    @SuppressWarnings("ReferenceEquality") // the very one
    final boolean isStill(PgConnection which) {
        return line != null && line.connection() == which;
    }

    /**
     * Goes on with what is under way on a connection, unless that was lost meanwhile. If that throws what it should not, the
     * connection is given up: nobody can say how far it came.
     */
    final void whileStill(PgConnection which, Runnable work) {
        if (!isStill(which)) {
            return;
        }
        try {
            work.run();
        } catch (Throwable thrown) {
            drop(which, Failures.Broken.by(thrown));
        }
    }

    /** Ends a connection to a server that is the primary no more. It may still answer, with what was true when it was. */
    final void leaveOldPrimary() {
        if (movesBefore != servers.moves()) {
            leave(new java.io.EOFException("the primary is another server"));
        }
    }

    /** Ends the connection, if there is one; another is made when a call needs it. */
    final void leave(Throwable why) {
        if (line != null) {
            drop(line.connection(), why);
        }
    }

    final PgConnection connection() {
        if (line == null) {
            throw new IllegalStateException("there is no connection");
        }
        return line.connection();
    }

    /** What is sent down the {@link #connection}. */
    final Statements statements() {
        if (statements == null) {
            throw new IllegalStateException("there is no connection");
        }
        return statements;
    }

    /** Why there is no connection, if that is known. */
    final @Nullable Throwable lastFailure() {
        return line == null ? lastFailure : null;
    }

    /** Why a call has found no room on any of them in time. */
    static String whyNone(List<? extends Link> links, Duration time) {
        String within = " within " + time.toMillis() + " ms";
        Throwable failure = links.stream()
                .map(Link::lastFailure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (failure != null) {
            return "the server could not be reached" + within + ": " + Failures.why(failure);
        }
        return links.stream().noneMatch(Link::isUp)
                ? "the server has let no connection in" + within + "; look whether it runs and can be reached"
                : "no connection was free" + within + "; call less often, or raise connections";
    }

    /** Makes a connection, unless there is one, or one on its way. */
    final void connect() {
        if (line != null || connecting || ended) {
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
        attempt().onComplete(connected -> {
            connecting = false;
            if (connected.failed()) {
                lastFailure = connected.cause();
                pauseMillis = Math.min(Math.max(2 * pauseMillis, FIRST_PAUSE_MILLIS), LONGEST_PAUSE_MILLIS);
            } else if (ended) {
                connected.result().close();
            } else {
                use(connected.result());
            }
            ready.run();
        });
    }

    private Future<Line> attempt() {
        try {
            return servers.connect();
        } catch (RuntimeException closed) {
            // A Vert.x that is being closed may say so at once.
            return Future.failedFuture(closed);
        }
    }

    private void use(Line made) {
        lastFailure = null;
        pauseMillis = 0;
        line = made;
        PgConnection fresh = made.connection();
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
        Line dropped = line;
        if (dropped == null || !isStill(which)) {
            return;
        }
        line = null;
        statements = null;
        lastFailure = why;
        if (why instanceof Servers.NoPrimary || Failures.isReadOnly(why)) {
            // It lets us in, and would again at once.
            pauseMillis = FIRST_PAUSE_MILLIS;
        }
        dropped.close();
        lost(why);
        ready.run();
    }

    /** Does what is left to do for what is under way, with nothing that an event loop would have to do: there is none any more. */
    final void abandon(Throwable why) {
        ended = true;
        if (line != null) {
            line = null;
            statements = null;
            lastFailure = why;
            lost(why);
        }
    }

    /** Ends the connection and makes no other. */
    final void end(Throwable why) {
        ended = true;
        leave(why);
    }
}
