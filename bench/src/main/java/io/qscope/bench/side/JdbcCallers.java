package io.qscope.bench.side;

import io.qscope.bench.data.Codes;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.RefreshTokens;
import io.qscope.bench.load.Callers;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * The operations by JDBC and a pool: single statements in autocommit, and a transaction where several belong together.
 */
public final class JdbcCallers implements Callers {

    private final Operation operation;
    private final DataSet data;
    private final DataSource pool;
    private final Habits habits;
    private final Supplies supplies;
    private final AtomicLong mixed = new AtomicLong();
    private final ReentrantLock writer = new ReentrantLock();

    /** How connections are used best. */
    public enum Habits {
        /** Taken from the pool for each call; the driver keeps the prepared statements. For pgjdbc. */
        BORROWED,

        /**
         * Kept by a thread for its whole turn, since the driver prepares each statement anew; threads write one after the
         * other, rather than have SQLite refuse them and try again. For xerial's SQLite.
         */
        KEPT
    }

    /** @param families that refresh tokens are taken from */
    public JdbcCallers(Operation operation, DataSet data, DataSource pool, Habits habits, int families) {
        this.operation = operation;
        this.data = data;
        this.pool = pool;
        this.habits = habits;
        this.supplies = new Supplies(operation, data, families);
    }

    @Override
    public void prepare(long operations) throws Exception {
        supplies.fill(operations);
    }

    @Override
    public Caller open() throws SQLException {
        if (habits == Habits.BORROWED) {
            return () -> {
                try (Statements borrowed = Statements.onPostgresql(pool.getConnection())) {
                    return call(borrowed);
                }
            };
        }
        Statements kept = Statements.onSqlite(pool.getConnection());
        return new Caller() {
            @Override
            public int call() throws SQLException {
                return JdbcCallers.this.call(kept);
            }

            @Override
            public void close() throws SQLException {
                kept.close();
            }
        };
    }

    private int call(Statements statements) throws SQLException {
        Operation each = operation == Operation.MIXED ? Operation.mixed(mixed.getAndIncrement()) : operation;
        if (each == Operation.LOOKUP) {
            ByHand.lookUp(statements, data.sample());
            return 1;
        }
        if (habits == Habits.BORROWED) {
            return write(each, statements);
        }
        writer.lock();
        try {
            return write(each, statements);
        } finally {
            writer.unlock();
        }
    }

    private int write(Operation each, Statements statements) throws SQLException {
        if (each == Operation.INSERT) {
            ByHand.insert(statements, data.sample());
            return 1;
        }
        statements.connection().setAutoCommit(false);
        try {
            int done = each == Operation.REDEEM ? redeem(statements) : refresh(statements);
            statements.connection().commit();
            return done;
        } finally {
            // Ends a transaction that failed, and costs no round trip after a commit.
            statements.connection().setAutoCommit(true);
        }
    }

    private int redeem(Statements statements) throws SQLException {
        Codes.Waiting code = supplies.codes().take();
        if (code == null) {
            return 0;
        }
        ByHand.redeem(statements, code);
        return 1;
    }

    private int refresh(Statements statements) throws SQLException {
        RefreshTokens.Waiting token = supplies.refreshTokens().take();
        if (token == null) {
            return 0;
        }
        String successor = ByHand.refresh(statements, token);
        supplies.refreshTokens().put(new RefreshTokens.Waiting(successor, token.client()));
        return 1;
    }
}
