package io.qscope.memory;

import static java.util.Objects.requireNonNull;

import io.qscope.engine.Cursor;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Cuts listings into pages. */
final class Pages {

    /** By Unicode code points, which is the order of UTF-8's bytes and so the order of a database. */
    private static final Comparator<String> BY_CODE_POINTS = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    private static final Comparator<Cursor> ORDER =
            Comparator.comparing(Cursor::at).thenComparing(Cursor::id, BY_CODE_POINTS);

    private static final Comparator<Cursor.InChain> IN_CHAINS = Comparator.comparing(
                    Cursor.InChain::chain, BY_CODE_POINTS)
            .thenComparingLong(Cursor.InChain::sequence)
            .thenComparing(Cursor.InChain::id, BY_CODE_POINTS);

    private Pages() {}

    static <T extends Row> Slice<T> byId(Stream<T> rows, Page page, RayId rayId) {
        Function<T, Cursor> placeOf = row -> new Cursor(Instant.EPOCH, row.id());
        return cut(rows, placeOf, page, Cursor.byId(page, rayId), place -> Cursor.ofId(place.id()));
    }

    static Slice<AuditLog> byTime(Stream<AuditLog> rows, Page page, RayId rayId) {
        Function<AuditLog, Cursor> placeOf = row -> new Cursor(row.createdAt(), row.id());
        Cursor start = Cursor.byTime(page, Instant.EPOCH, rayId);
        return cut(rows, placeOf, page, start, place -> Cursor.ofTime(place.at(), place.id()));
    }

    /** The entries that have a place in a chain. */
    static Slice<AuditLog> byChain(Stream<AuditLog> rows, Page page, RayId rayId) {
        Cursor.InChain start = Cursor.byChain(page, rayId);
        List<AuditLog> found = rows.filter(row -> row.chain() != null && row.sequence() != null)
                .filter(row -> IN_CHAINS.compare(placeInChain(row), start) > 0)
                .sorted(Comparator.comparing(Pages::placeInChain, IN_CHAINS))
                .limit(page.size() + 1L)
                .toList();
        return cut(found, page, last -> Cursor.ofChain(placeInChain(last)));
    }

    private static Cursor.InChain placeInChain(AuditLog row) {
        return new Cursor.InChain(requireNonNull(row.chain()), requireNonNull(row.sequence()), row.id());
    }

    /** The oldest first, equally old ones by id. */
    static <T extends Row> Comparator<T> byAge() {
        return Comparator.comparing(row -> new Cursor(row.createdAt(), row.id()), ORDER);
    }

    private static <T extends Row> Slice<T> cut(
            Stream<T> rows, Function<T, Cursor> placeOf, Page page, Cursor start, Function<Cursor, String> after) {
        List<T> found = rows.filter(row -> ORDER.compare(placeOf.apply(row), start) > 0)
                .sorted(Comparator.comparing(placeOf, ORDER))
                .limit(page.size() + 1L)
                .toList();
        return cut(found, page, last -> after.apply(placeOf.apply(last)));
    }

    /** The page among rows of which there may be one more, which tells that there is a next page. */
    private static <T extends Row> Slice<T> cut(List<T> found, Page page, Function<T, String> after) {
        return found.size() > page.size()
                ? new Slice<>(found.subList(0, page.size()), after.apply(found.get(page.size() - 1)))
                : new Slice<>(found, null);
    }
}
