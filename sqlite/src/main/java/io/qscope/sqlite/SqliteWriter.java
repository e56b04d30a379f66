package io.qscope.sqlite;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.key.KeyRing;
import io.qscope.sql.SqlChainedSession;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlUnitRun;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * SQLite has one writer, so one thread writes: it takes all that waits, runs it in one transaction, commits once and then
 * answers all of it. A call that fails is undone alone.
 *
 * <p>A failure that may have rolled back the whole transaction ends the group at once: what would run after it would commit by
 * itself, ahead of its answer. Nothing of the group is acknowledged, and its units are run again, each on its own.
 */
final class SqliteWriter implements Runnable {

    private final Path file;
    private final FileIdentity identity;
    private final SqliteConnection connection;
    private final SqlChainedSession session;
    private final CallQueue<SqlUnit<?>> queue;
    private final Callbacks callbacks;
    private final BooleanSupplier halted;

    /** What the thread holds now, for {@link #abandon}. */
    private volatile List<SqlUnit<?>> underWay = List.of();

    SqliteWriter(
            Path file,
            FileIdentity identity,
            SqliteConnection connection,
            @Nullable Supplier<KeyRing> keys,
            CallQueue<SqlUnit<?>> queue,
            Callbacks callbacks,
            BooleanSupplier halted) {
        this.file = file;
        this.identity = identity;
        this.connection = connection;
        this.session = new SqlChainedSession(connection, keys);
        this.queue = queue;
        this.callbacks = callbacks;
        this.halted = halted;
    }

    @Override
    public void run() {
        List<SqlUnit<?>> group = new ArrayList<>();
        while (queue.take(group)) {
            underWay = group;
            int together = group.size();
            group.forEach(unit -> Listening.takenUp(unit.future(), together));
            Answers answers = commit(group);
            // From here on they are the sender's: a callback may close the storage on this very thread.
            underWay = List.of();
            answers.send();
            group = new ArrayList<>(group.size());
        }
        closeChain();
    }

    /** Writes the last entry of the audit log's chain, if there is time. A chain that ends without it is no tampering. */
    private void closeChain() {
        if (!session.isOpen() || halted.getAsBoolean()) {
            return;
        }
        try {
            connection.begin();
            session.begin();
            session.close();
            session.finish();
            session.committing();
            connection.commit();
            session.committed();
        } catch (SQLException | RuntimeException | Error e) {
            // Nobody waits for it, and closing must come to its end.
            connection.rollback();
        }
    }

    /** The transaction is gone, and the units with it. */
    private static final class Lost extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final RuntimeException failure;

        Lost(RuntimeException failure) {
            super(failure.getMessage(), null, false, false);
            this.failure = failure;
        }

        boolean outcomeUnknown() {
            return failure instanceof SqliteFailure said && said.outcomeUnknown();
        }

        /** What a unit is told that was lost again, alone. */
        RuntimeException of(RuntimeException alone) {
            if (!outcomeUnknown()) {
                return alone;
            }
            return alone instanceof SqliteFailure said ? said.withUnknownOutcome() : failure;
        }
    }

    /** A unit without a savepoint has to be undone. */
    private static final class Unprotected extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unprotected() {
            super("", null, false, false);
        }
    }

    /** Fails what the thread holds, when it does not come back in time or failed itself. */
    void abandon(String problem) {
        Answers answers = new Answers(callbacks, file, 0);
        refuse(underWay, problem, answers);
        answers.send();
    }

    /** Answers that nobody knows what became of the units. */
    private void refuse(List<SqlUnit<?>> units, String problem, Answers answers) {
        for (SqlUnit<?> unit : units) {
            answers.failed(
                    unit.future(),
                    unit.rayId(),
                    new StorageUnavailableException(file + ": " + problem, true, unit.rayId()));
        }
    }

    private Answers commit(List<SqlUnit<?>> group) {
        Answers answers = new Answers(callbacks, file, group.size());
        try {
            commitTogether(group, answers);
        } catch (RuntimeException | Error e) {
            // Whatever it was, it takes back no answer of a unit that is committed.
            connection.rollback();
            int settled = Math.min(answers.cutToSettled(), group.size());
            refuse(group.subList(settled, group.size()), Answers.notForeseen(e), answers);
        }
        return answers;
    }

    private void commitTogether(List<SqlUnit<?>> group, Answers answers) {
        try {
            try {
                transaction(group, false, answers);
            } catch (Unprotected e) {
                answers.cutTo(0);
                transaction(group, true, answers);
            }
        } catch (Lost lost) {
            answers.cutTo(0);
            eachAlone(group, lost, answers);
        }
    }

    private void eachAlone(List<SqlUnit<?>> group, Lost first, Answers answers) {
        RuntimeException hopeless = isBusy(first.failure) ? first.failure : null;
        for (SqlUnit<?> unit : group) {
            answers.settle();
            if (hopeless == null && halted.getAsBoolean()) {
                hopeless = first.failure;
            }
            if (hopeless == null) {
                hopeless = alone(unit, first, answers);
            } else {
                answers.failed(unit.future(), unit.rayId(), hopeless);
            }
        }
        answers.settle();
        if (hopeless != null && isBusy(hopeless)) {
            failWaiting(hopeless, answers);
        }
    }

    private static boolean isBusy(RuntimeException failure) {
        return failure instanceof SqliteFailure said && said.isBusy();
    }

    /** Runs one unit in a transaction of its own; answers a failure that the next one would meet too. */
    private @Nullable RuntimeException alone(SqlUnit<?> unit, Lost first, Answers answers) {
        int before = answers.size();
        try {
            transaction(List.of(unit), true, answers);
            return null;
        } catch (Lost lost) {
            answers.cutTo(before);
            RuntimeException why = first.of(lost.failure);
            answers.failed(unit.future(), unit.rayId(), why);
            return isBusy(why) ? why : null;
        } catch (RuntimeException | Error e) {
            answers.cutTo(before);
            // What fails before a commit is lost, whatever it is; this may have come after it.
            refuse(List.of(unit), Answers.notForeseen(e), answers);
            return null;
        }
    }

    /** Who came while the lock could not be had would wait as long again, and those behind them longer still. */
    private void failWaiting(RuntimeException busy, Answers answers) {
        List<SqlUnit<?>> waiting = new ArrayList<>();
        queue.drain(waiting, Integer.MAX_VALUE);
        for (SqlUnit<?> unit : waiting) {
            answers.failed(unit.future(), unit.rayId(), busy);
        }
    }

    /** Runs the units and commits; their answers hold only if this returns. */
    private void transaction(List<SqlUnit<?>> units, boolean protect, Answers answers) {
        int before = answers.size();
        runAll(units, protect, answers);
        try {
            connection.commit();
            session.committed();
        } catch (SQLException e) {
            connection.rollback();
            throw new Lost(SqliteFailure.ofCommit(e));
        } catch (RuntimeException | Error e) {
            // The units may be stored, so they cannot run again: they would meet themselves.
            connection.rollback();
            answers.cutTo(before);
            refuse(units, Answers.notForeseen(e), answers);
        }
        if (!identity.holds()) {
            answers.cutTo(before);
            units.forEach(unit -> answers.failed(unit.future(), unit.rayId(), identity.changed(unit.rayId())));
        }
    }

    private void runAll(List<SqlUnit<?>> units, boolean protect, Answers answers) {
        boolean ran = false;
        try {
            connection.begin();
            session.begin();
            for (SqlUnit<?> unit : units) {
                run(unit, protect, answers);
            }
            session.finish();
            session.committing();
            ran = true;
        } catch (Lost | Unprotected e) {
            throw e;
        } catch (SQLException e) {
            throw new Lost(SqliteFailure.of(e));
        } catch (RuntimeException e) {
            // Nothing was committed yet, whatever it was; alone, each unit meets what is its own.
            throw new Lost(e);
        } finally {
            if (!ran) {
                connection.rollback();
            }
        }
    }

    private <R> void run(SqlUnit<R> unit, boolean savepoint, Answers answers) {
        int sealed = session.size();
        connection.forgetWrites();
        if (savepoint) {
            savepoint("SAVEPOINT unit");
        }
        boolean keep = false;
        boolean known = true;
        try {
            SqlUnitRun.End end = SqlUnitRun.run(session, unit);
            answers.answered(unit.future(), unit.conclusion().apply(end));
            keep = end.keep();
        } catch (RuntimeException | Error e) {
            if (e instanceof SqliteFailure failure && !failure.concernsOneStatement()) {
                throw new Lost(failure);
            }
            answers.failed(unit.future(), unit.rayId(), e);
            // An error may come between a statement and the note of what it did.
            known = !(e instanceof Error);
        }
        if (!connection.inTransaction()) {
            throw new Lost(SqliteFailure.rolledBack());
        }
        if (!keep) {
            session.cutTo(sealed);
        }
        if (!savepoint) {
            if (!keep && (connection.wrote() || !known)) {
                throw new Unprotected();
            }
        } else {
            if (!keep) {
                savepoint("ROLLBACK TO unit");
            }
            savepoint("RELEASE unit");
        }
    }

    private void savepoint(String statement) {
        try {
            connection.execute(statement);
        } catch (SQLException e) {
            throw new Lost(SqliteFailure.of(e));
        }
    }
}
