package io.qscope.sqlite;

import io.qscope.sql.SqlRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The row that a result stands on. */
final class ResultRow implements SqlRow {

    private @Nullable ResultSet rows;

    /** What the mapper makes of the row; {@link Damaged} when it can make nothing of it. */
    <T> T mapped(SqlRow.Mapper<T> mapper, ResultSet result) {
        rows = result;
        try {
            return mapper.map(this);
        } catch (SqliteFailure e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new Damaged(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            throw new Damaged(e.getClass().getName());
        }
    }

    /** A row that holds what no call of this library writes. */
    static final class Damaged extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Damaged(String problem) {
            super(problem, null, false, false);
        }
    }

    private ResultSet rows() {
        if (rows == null) {
            throw new IllegalStateException("no row");
        }
        return rows;
    }

    @Override
    public @Nullable String text(int column) {
        try {
            return rows().getString(column + 1);
        } catch (SQLException e) {
            throw SqliteFailure.of(e);
        }
    }

    @Override
    public @Nullable Long number(int column) {
        try {
            long value = rows().getLong(column + 1);
            return value == 0 && rows().wasNull() ? null : (Long) value;
        } catch (SQLException e) {
            throw SqliteFailure.of(e);
        }
    }

    @Override
    public @Nullable Boolean flag(int column) {
        Long value = number(column);
        return value == null ? null : value != 0;
    }

    @Override
    public byte @Nullable [] bytes(int column) {
        try {
            return rows().getBytes(column + 1);
        } catch (SQLException e) {
            throw SqliteFailure.of(e);
        }
    }
}
