package io.qscope.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param rows in the listing's order
 * @param next what the next page starts after; none when this is the last
 */
public record Slice<T>(List<T> rows, @Nullable String next) {

    /** Copies the rows. */
    public Slice {
        rows = List.copyOf(rows);
    }

    /** The page after this one, of the given size; empty when this is the last. */
    public Optional<Page> nextPage(int size) {
        return Optional.ofNullable(next).map(after -> new Page(after, size));
    }
}
