package io.qscope.bench.side;

import io.qscope.bench.data.Codes;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.RefreshTokens;
import io.qscope.bench.load.Callers;
import java.sql.SQLException;

/** One transaction of many operations after the other, on one connection to SQLite: the group commit, written for this one purpose. */
public final class BatchCallers implements Callers {

    private final Operation operation;
    private final DataSet data;
    private final int size;
    private final Supplies supplies;

    /**
     * @param size operations a transaction
     * @param families that refresh tokens are taken from
     */
    public BatchCallers(Operation operation, DataSet data, int size, int families) {
        if (operation == Operation.LOOKUP || operation == Operation.MIXED) {
            throw new IllegalArgumentException("only writes are grouped into transactions");
        }
        this.operation = operation;
        this.data = data;
        this.size = size;
        this.supplies = new Supplies(operation, data, families);
    }

    @Override
    public void prepare(long operations) throws Exception {
        supplies.fill(operations + size);
    }

    @Override
    public Caller open() throws SQLException {
        Statements statements = Statements.onSqlite(data.connect());
        statements.connection().setAutoCommit(false);
        return new Caller() {
            @Override
            public int call() throws SQLException {
                int done = 0;
                while (done < size && one(statements)) {
                    done++;
                }
                statements.connection().commit();
                return done;
            }

            @Override
            public void close() throws SQLException {
                statements.close();
            }
        };
    }

    private boolean one(Statements statements) throws SQLException {
        if (operation == Operation.INSERT) {
            ByHand.insert(statements, data.sample());
            return true;
        }
        if (operation == Operation.REDEEM) {
            Codes.Waiting code = supplies.codes().take();
            if (code != null) {
                ByHand.redeem(statements, code);
            }
            return code != null;
        }
        RefreshTokens.Waiting token = supplies.refreshTokens().take();
        if (token != null) {
            String successor = ByHand.refresh(statements, token);
            supplies.refreshTokens().put(new RefreshTokens.Waiting(successor, token.client()));
        }
        return token != null;
    }
}
