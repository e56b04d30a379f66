package io.qscope.sqlite;

import io.qscope.key.KeyRing;
import io.qscope.sql.SqlChainedSession;
import io.qscope.sql.SqlUnitRun;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Many chains that are written at the same time, as many processes do, on one connection. None of them is closed. */
final class Lanes implements AutoCloseable {

    private final SqliteConnection connection;
    private final KeyRing keys;
    private final List<SqlChainedSession> lanes = new ArrayList<>();

    private Lanes(SqliteConnection connection, KeyRing keys) {
        this.connection = connection;
        this.keys = keys;
    }

    static Lanes on(Path file, KeyRing keys) throws SQLException {
        return new Lanes(SqliteConnection.open(file, 5_000_000_000L, () -> false), keys);
    }

    /** Begins a chain, with an entry; its number here. */
    int open() throws SQLException {
        lanes.add(new SqlChainedSession(connection, () -> keys));
        commit(lanes.size() - 1, 1);
        return lanes.size() - 1;
    }

    /** Commits so many entries as one group. */
    void commit(int lane, int entries) throws SQLException {
        SqlChainedSession session = lanes.get(lane);
        connection.begin();
        session.begin();
        for (int i = 0; i < entries; i++) {
            SqlUnitRun.run(session, CapturedUnits.ofAnEntry());
        }
        session.finish();
        session.committing();
        connection.commit();
        session.committed();
    }

    @Override
    public void close() {
        connection.close();
    }
}
