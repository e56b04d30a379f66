package io.qscope.sql;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One writing statement of a call.
 *
 * @param text with parameters {@code $1}, {@code $2}, …, each of which may occur more than once
 * @param parameters {@link String}, {@link Long}, {@link Boolean}, {@code byte[]} or null
 * @param touches how many rows it touches
 * @param returning makes a value of each row of a RETURNING clause; none: there is no such clause
 * @param writesRoots whether it updates or deletes roots, or deletes clients and so their roots: a unit that also relies on a
 *     root then shares no lock on it, and it travels with no call that relies on one
 */
public record SqlStep(
        String text,
        List<@Nullable Object> parameters,
        Touches touches,
        SqlRow.@Nullable Mapper<?> returning,
        boolean writesRoots) {

    /** How many rows a statement touches. What is about one row has that row's key as its first parameter. */
    public enum Touches {
        /** One. If it touches none, the call has lost, nothing of it stays, and it is explained. */
        ONE,
        /** One, or none. */
        AT_MOST_ONE,
        /** Any number. */
        ANY
    }

    /** A statement that must touch a row. */
    public static SqlStep required(String text, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), Touches.ONE, null, false);
    }

    /** A statement that must touch a row, and returns it. */
    public static SqlStep returning(String text, SqlRow.Mapper<?> mapper, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), Touches.ONE, mapper, false);
    }

    /** A statement that touches the row of its key, if there is one. */
    static SqlStep ifThere(String text, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), Touches.AT_MOST_ONE, null, false);
    }

    /** A statement that may touch any number of rows. */
    public static SqlStep any(String text, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), Touches.ANY, null, false);
    }

    /** The same statement, of which is known that it {@link #writesRoots}. */
    SqlStep writingRoots() {
        return new SqlStep(text, parameters, touches, returning, true);
    }

    /** The same statement in a unit that writes roots: what it relies on nobody else may share. */
    SqlStep lockingAlone() {
        String alone = text.replace(SqlDialect.LOCKED, SqlDialect.LOCKED_ALONE);
        return new SqlStep(alone, parameters, touches, returning, writesRoots);
    }

    /** A SELECT that locks what it finds. */
    static SqlStep lock(String text, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), Touches.ANY, row -> String.valueOf(row.text(0)), false);
    }

    private static List<@Nullable Object> list(@Nullable Object... parameters) {
        return Collections.unmodifiableList(Arrays.<@Nullable Object>asList(parameters));
    }

    /** Whether it must touch a row. */
    public boolean required() {
        return touches == Touches.ONE;
    }

    /**
     * What a statement did.
     *
     * @param rows how many rows it touched
     * @param returned what {@link SqlStep#returning()} made of them; empty without such a clause
     */
    public record Done(int rows, List<?> returned) {}
}
