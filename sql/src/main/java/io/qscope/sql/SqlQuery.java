package io.qscope.sql;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT with its parameters.
 *
 * @param text with parameters {@code $1}, {@code $2}, …, each of which may occur more than once
 * @param parameters {@link String}, {@link Long}, {@link Boolean}, {@code byte[]} or null
 * @param mapper makes a value of each row
 * @param <T> the value
 */
public record SqlQuery<T>(String text, List<@Nullable Object> parameters, SqlRow.Mapper<T> mapper) {

    /** A query with its parameters in order. */
    public static <T> SqlQuery<T> of(String text, SqlRow.Mapper<T> mapper, @Nullable Object... parameters) {
        return new SqlQuery<>(text, Collections.unmodifiableList(Arrays.<@Nullable Object>asList(parameters)), mapper);
    }
}
