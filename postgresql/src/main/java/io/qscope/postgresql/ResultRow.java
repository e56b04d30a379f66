package io.qscope.postgresql;

import io.qscope.sql.SqlRow;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of the server's answer. */
final class ResultRow implements SqlRow {

    private final Row row;
    private final int first;

    private ResultRow(Row row, int first) {
        this.row = row;
        this.first = first;
    }

    /** A row that holds what no call of this library writes. */
    static final class Damaged extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Damaged(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Reads all rows.
     *
     * @param first where a row's columns begin
     * @throws Damaged when the mapper refuses one
     */
    static <T> List<T> all(Iterable<Row> rows, int first, Mapper<T> mapper) {
        List<T> found = new ArrayList<>();
        for (Row row : rows) {
            found.add(one(row, first, mapper));
        }
        return found;
    }

    /**
     * Reads one row.
     *
     * @param first where its columns begin
     * @throws Damaged when the mapper refuses it
     */
    static <T> T one(Row row, int first, Mapper<T> mapper) {
        try {
            return mapper.map(new ResultRow(row, first));
        } catch (IllegalArgumentException | ArithmeticException | ClassCastException damage) {
            throw new Damaged(String.valueOf(damage.getMessage()));
        }
    }

    private @Nullable Object value(int column) {
        return row.getValue(first + column);
    }

    @Override
    public @Nullable String text(int column) {
        return (String) value(column);
    }

    @Override
    public @Nullable Long number(int column) {
        Object value = value(column);
        return value == null ? null : ((Number) value).longValue();
    }

    @Override
    public @Nullable Boolean flag(int column) {
        Object value = value(column);
        return value instanceof Number number ? Boolean.valueOf(number.longValue() != 0) : (Boolean) value;
    }

    @Override
    public byte @Nullable [] bytes(int column) {
        Object value = value(column);
        return value == null ? null : ((Buffer) value).getBytes();
    }
}
