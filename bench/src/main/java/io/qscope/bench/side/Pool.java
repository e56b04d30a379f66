package io.qscope.bench.side;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qscope.bench.data.DataSet;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** HikariCP's pool over a data set's connections. */
public final class Pool {

    private Pool() {}

    /** So many connections, all made at once. */
    public static HikariDataSource of(DataSet data, int connections) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(new Direct(data));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        config.setPoolName("peer");
        return new HikariDataSource(config);
    }

    /** Connections without a pool. */
    private record Direct(DataSet data) implements DataSource {

        @Override
        public Connection getConnection() throws SQLException {
            return data.connect();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public PrintWriter getLogWriter() throws SQLException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public void setLogWriter(PrintWriter out) throws SQLException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
