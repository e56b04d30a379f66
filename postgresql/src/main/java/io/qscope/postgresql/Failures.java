package io.qscope.postgresql;

import io.qscope.model.RayId;
import io.qscope.sql.ConstraintViolation;
import io.qscope.store.InvalidRowException;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.PgNotice;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the server or the driver said, in the words of the contract: without the text of a row, which could be a secret. */
final class Failures {

    /** "Key (client_id, user_id)=(…) already exists", in whatever language. */
    private static final Pattern KEY = Pattern.compile("\\(([^()]+)\\)=\\(");

    /** What a replica says, and a primary that was set to be read only: itself, since it has looked at the statement. */
    private static final String READ_ONLY = "25006";

    private static final System.Logger LOGGER = System.getLogger(PostgresqlStorage.class.getName());

    private static final AtomicBoolean IS_LOGGED = new AtomicBoolean();

    private final String database;

    Failures(String database) {
        this.database = database;
    }

    /** The violation of a constraint, if that is what it is. */
    static @Nullable ConstraintViolation violation(Throwable failure) {
        if (!(failure instanceof PgException said)) {
            return null;
        }
        return switch (said.getSqlState()) {
            case "23505" -> new ConstraintViolation(ConstraintViolation.Kind.UNIQUE, keyColumns(said));
            case "23503" -> new ConstraintViolation(ConstraintViolation.Kind.FOREIGN_KEY, List.of());
            case "23502" ->
                new ConstraintViolation(
                        ConstraintViolation.Kind.CHECK,
                        said.getColumn() == null ? List.of() : List.of(said.getColumn()));
            case "23514", "22P02" -> new ConstraintViolation(ConstraintViolation.Kind.CHECK, List.of());
            default -> null;
        };
    }

    private static List<String> keyColumns(PgException said) {
        Matcher key = KEY.matcher(String.valueOf(said.getDetail()));
        return key.find() ? Arrays.asList(key.group(1).split(", ", -1)) : List.of();
    }

    /** A required statement touched nothing. */
    static boolean isLoss(Throwable failure) {
        return Texts.TOUCHED_NOTHING.equals(sqlState(failure));
    }

    /**
     * Nothing is wrong with the call, and nothing of it was applied. Others were in its way: serialization_failure, deadlock_detected. Or
     * its statement is not there, invalid_sql_statement_name: a busy PgBouncer may give what follows a statement to another session.
     */
    static boolean isToBeRepeated(Throwable failure) {
        String state = sqlState(failure);
        return "40001".equals(state) || "40P01".equals(state) || "26000".equals(state);
    }

    /**
     * Whether it may be that of one call, and not that of whatever is sent: anything is, unless it is known to be the connection's or
     * the server's, which is short of something, or ends.
     */
    static boolean isOfOneCall(Throwable failure) {
        String state = sqlState(failure);
        return state == null || !(state.startsWith("53") || endsConnection(failure));
    }

    /** Somebody held a row for longer than was to be waited: lock_not_available. */
    static boolean isHeldUp(Throwable failure) {
        return "55P03".equals(sqlState(failure));
    }

    /** The server is no primary any more, or is about to be none: read_only_sql_transaction. */
    static boolean isReadOnly(Throwable failure) {
        return READ_ONLY.equals(sqlState(failure));
    }

    /** The connection is of no use any more: broken, shut down by the server, or to one that is no longer the primary. */
    static boolean endsConnection(Throwable failure) {
        return !isOwn(failure) && (isReadOnly(failure) || leavesOutcomeOpen(failure));
    }

    /**
     * Whether nobody knows what became of a transaction whose COMMIT was sent: the connection has ended without an answer, or with
     * one that need not be the server's. A pooler says 08 or 57P when it has lost the server or is shut down itself, and the
     * server goes on with what it was sent; what stands between nobody here can see.
     */
    static boolean leavesOutcomeOpen(Throwable failure) {
        String state = sqlState(failure);
        return state == null || state.startsWith("08") || state.startsWith("57P");
    }

    /** What was found wrong here, not on the way to the server and back. */
    private static boolean isOwn(Throwable failure) {
        return failure instanceof StorageException
                || failure instanceof UnsupportedOperationException
                || failure instanceof Broken
                || failure instanceof Texts.Unencodable
                || failure instanceof ResultRow.Damaged;
    }

    /** A unit failed, and is known not to be applied, or to be wholly applied and damaged. Anything else leaves that open. */
    static final class Known extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Known(Throwable cause) {
            super("", cause, false, false);
        }

        Throwable why() {
            return java.util.Objects.requireNonNull(getCause());
        }
    }

    /** A commit that was to wait for a replica has not: somebody cancelled the wait, and only the primary has it. */
    static final class NotConfirmed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotConfirmed() {
            super("", null, false, false);
        }

        /** The server's text is in any language, and its SQLSTATE that of every warning. */
        static boolean isSaidBy(PgNotice notice) {
            return "SyncRepWaitForLSN".equals(notice.getRoutine());
        }
    }

    /** The event loop has ended, which everything was done on. */
    static final class LoopEnded extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LoopEnded() {
            super("", null, false, false);
        }
    }

    /** What the server said was not what an answer could be made of. */
    private static final class Unanswerable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unanswerable(Throwable cause) {
            super("", cause, false, false);
        }

        Throwable why() {
            return java.util.Objects.requireNonNull(getCause());
        }
    }

    /** What was thrown instead of an answer: the contract's own refusal, as it is, or what should not happen. */
    static Throwable insteadOfAnswer(Throwable thrown) {
        return isOwn(thrown) ? thrown : new Unanswerable(logged(thrown));
    }

    /**
     * Code of ours, or what it stands on, does not work: a class is missing or another than it was made for, memory is short. Vert.x
     * would only log it, and the call would wait for an answer until its time is over.
     */
    static final class Broken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Broken(Throwable cause) {
            super("", cause, false, false);
        }

        /** Of what should not have been thrown, which is logged. */
        static Broken by(Throwable thrown) {
            return thrown instanceof Broken broken ? broken : new Broken(logged(thrown));
        }

        Throwable why() {
            return java.util.Objects.requireNonNull(getCause());
        }
    }

    /** An exception as it is, which somebody meant; anything else as {@link Broken}. */
    static Throwable thrown(Throwable failure) {
        return failure instanceof Exception ? failure : Broken.by(failure);
    }

    /** The first is told with where it came from, and is most often that of all others. */
    private static Throwable logged(Throwable thrown) {
        if (IS_LOGGED.compareAndSet(false, true)) {
            LOGGER.log(System.Logger.Level.ERROR, "this should not happen, and is logged once only", thrown);
        }
        return thrown;
    }

    /** What the server said; null when it was not the server that failed. */
    static @Nullable String sqlState(Throwable failure) {
        return failure instanceof PgException said ? said.getSqlState() : null;
    }

    /** A failure as the caller is told of it. */
    Throwable inWords(Throwable failure, boolean outcomeUnknown, RayId rayId) {
        if (failure instanceof StorageException || failure instanceof UnsupportedOperationException) {
            return failure;
        }
        if (failure instanceof Texts.Unencodable unencodable) {
            return new InvalidRowException(String.valueOf(unencodable.getMessage()), rayId);
        }
        if (failure instanceof ResultRow.Damaged damage) {
            return new StorageCorruptedException(
                    database + ": a row holds what no call of this library writes: " + damage.getMessage(), rayId);
        }
        return unavailable(why(failure), outcomeUnknown, rayId);
    }

    StorageUnavailableException unavailable(String why, boolean outcomeUnknown, RayId rayId) {
        return new StorageUnavailableException(database + ": " + why, outcomeUnknown, rayId);
    }

    /** What every call is told once there is no storage any more. */
    StorageUnavailableException closed(RayId rayId) {
        return unavailable("the storage is closed; open it again", false, rayId);
    }

    /** What happened, and what to do about it. */
    static String why(Throwable failure) {
        if (failure instanceof Servers.NoPrimary) {
            return "no server takes writes: each is a replica, or set to be read only";
        }
        if (failure instanceof NotConfirmed) {
            return "the wait for a replica's confirmation was cancelled on the server";
        }
        if (failure instanceof LoopEnded) {
            return "its Vert.x was closed before it; close a storage first, and open another on a Vert.x that is open";
        }
        if (failure instanceof TimeoutException) {
            return "the server did not answer in time; look whether it is overloaded, or the network to it broken";
        }
        if (failure instanceof Unanswerable unanswerable) {
            return "no answer could be made of what the server said ("
                    + unanswerable.why().getClass().getSimpleName() + ")";
        }
        if (failure instanceof Broken broken) {
            return "the library itself failed (" + broken.why().getClass().getSimpleName() + "); the log has it"
                    + (broken.why() instanceof LinkageError
                            ? ". Look whether another version of Vert.x than " + DriverCheck.MADE_FOR
                                    + " is on the class path"
                            : "");
        }
        if (!(failure instanceof PgException said)) {
            return "the connection was lost (" + failure.getClass().getSimpleName()
                    + "); look whether the server runs and can be reached";
        }
        String state = said.getSqlState();
        String what = "the server refused the call (SQLSTATE " + state + ")";
        if (state.equals("57014")) {
            return "the server cancelled the call, which took too long (SQLSTATE 57014); look what holds it up, or raise"
                    + " callTimeout";
        }
        if (state.equals("55P03")) {
            return "another transaction holds a row that the call needs (SQLSTATE 55P03); look what holds it up";
        }
        if (state.equals("42501")) {
            return what + ": a grant is missing; docs/postgresql.md lists what the role needs";
        }
        if (state.startsWith("53")) {
            return what + ": it is out of connections, memory or disk space";
        }
        if (state.startsWith("28")) {
            return what + ": it does not let this user in; check user and password";
        }
        if (state.equals("3D000")) {
            return what + ": there is no such database";
        }
        if (state.startsWith("08")) {
            return what + ": a pooler says so when it has lost the server, or lets nobody in; its log says which";
        }
        if (state.startsWith("57P")) {
            return what + ": it is starting or shutting down; try again";
        }
        if (state.equals("42P01") || state.equals("3F000")) {
            return what + ": a table is missing; run \"qscope migrate\"";
        }
        return what + "; its log says more";
    }
}
