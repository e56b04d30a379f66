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
 * @param required whether it must touch a row: if not, the call has lost, nothing of it stays, and it is explained
 * @param returning makes a value of each row of a RETURNING clause; none: there is no such clause
 */
public record SqlStep(
        String text, List<@Nullable Object> parameters, boolean required, SqlRow.@Nullable Mapper<?> returning) {

    /** A statement that must touch a row. */
    public static SqlStep required(String text, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), true, null);
    }

    /** A statement that must touch a row, and returns it. */
    public static SqlStep returning(String text, SqlRow.Mapper<?> mapper, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), true, mapper);
    }

    /** A statement that may touch any number of rows. */
    public static SqlStep any(String text, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), false, null);
    }

    /** Whether it writes roots, or deletes them with their clients. */
    boolean writesRoots() {
        return text.contains("UPDATE oauth_authorizations")
                || text.contains("DELETE FROM oauth_authorizations")
                || text.contains("DELETE FROM oauth_clients");
    }

    /** The same statement in a unit that writes roots: what it relies on nobody else may share. */
    SqlStep lockingAlone() {
        String alone = text.replace(SqlDialect.LOCKED, SqlDialect.LOCKED_ALONE);
        return new SqlStep(alone, parameters, required, returning);
    }

    /** A SELECT that locks what it finds. */
    static SqlStep lock(String text, @Nullable Object... parameters) {
        return new SqlStep(text, list(parameters), false, row -> String.valueOf(row.text(0)));
    }

    private static List<@Nullable Object> list(@Nullable Object... parameters) {
        return Collections.unmodifiableList(Arrays.<@Nullable Object>asList(parameters));
    }

    /**
     * What a statement did.
     *
     * @param rows how many rows it touched
     * @param returned what {@link SqlStep#returning()} made of them; empty without such a clause
     */
    public record Done(int rows, List<?> returned) {}
}
