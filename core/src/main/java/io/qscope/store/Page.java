package io.qscope.store;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a listing is wanted. A keyset page: it costs the same at the end of a table as at its start, and rows that
 * come or go elsewhere while a listing is read neither repeat nor skip any.
 *
 * @param after where the page before ended, {@link Slice#next()}; none for the first page
 * @param size most rows wanted, from 1 to {@value #MOST}
 */
public record Page(@Nullable String after, int size) {

    /** Most rows of a page. */
    public static final int MOST = 1_000;

    /** @throws IllegalArgumentException when the size is out of its bounds */
    public Page {
        if (size < 1 || size > MOST) {
            throw new IllegalArgumentException("page size must lie between 1 and " + MOST);
        }
    }

    /** The first page. */
    public static Page first(int size) {
        return new Page(null, size);
    }
}
