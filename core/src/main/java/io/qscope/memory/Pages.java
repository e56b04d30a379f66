package io.qscope.memory;

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
        if (found.size() <= page.size()) {
            return new Slice<>(found, null);
        }
        List<T> shown = found.subList(0, page.size());
        return new Slice<>(shown, after.apply(placeOf.apply(shown.get(shown.size() - 1))));
    }
}
