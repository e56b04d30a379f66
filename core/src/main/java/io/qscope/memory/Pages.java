package io.qscope.memory;

import io.qscope.model.AuditLog;
import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Cuts listings into pages. A cursor is the place of a page's last row: {@code i:id}, or {@code t:millis:id} in a log. */
final class Pages {

    /** By Unicode code points, which is the order of UTF-8's bytes and so the order of a database. */
    private static final Comparator<String> BY_CODE_POINTS = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::at).thenComparing(Place::id, BY_CODE_POINTS);

    private Pages() {}

    /** Where a row stands in its listing; rows ordered by id alone all have the same moment. */
    private record Place(Instant at, String id) {}

    static <T extends Row> Slice<T> byId(Stream<T> rows, Page page, RayId rayId) {
        Function<T, Place> placeOf = row -> new Place(Instant.EPOCH, row.id());
        return cut(rows, placeOf, page, place -> "i:" + place.id(), after -> placeById(after, rayId));
    }

    static Slice<AuditLog> byTime(Stream<AuditLog> rows, Page page, RayId rayId) {
        Function<AuditLog, Place> placeOf = row -> new Place(row.createdAt(), row.id());
        return cut(
                rows,
                placeOf,
                page,
                place -> "t:" + place.at().toEpochMilli() + ":" + place.id(),
                after -> placeByTime(after, rayId));
    }

    /** The oldest first, equally old ones by id. */
    static <T extends Row> Comparator<T> byAge() {
        return Comparator.comparing(row -> new Place(row.createdAt(), row.id()), ORDER);
    }

    private static <T extends Row> Slice<T> cut(
            Stream<T> rows,
            Function<T, Place> placeOf,
            Page page,
            Function<Place, String> cursorOf,
            Function<String, Place> placeAt) {
        String after = page.after();
        Stream<T> wanted = rows;
        if (after != null) {
            Place last = placeAt.apply(after);
            wanted = rows.filter(row -> ORDER.compare(placeOf.apply(row), last) > 0);
        }
        List<T> found = wanted.sorted(Comparator.comparing(placeOf, ORDER))
                .limit(page.size() + 1L)
                .toList();
        if (found.size() <= page.size()) {
            return new Slice<>(found, null);
        }
        List<T> shown = found.subList(0, page.size());
        return new Slice<>(shown, cursorOf.apply(placeOf.apply(shown.get(shown.size() - 1))));
    }

    private static Place placeById(String cursor, RayId rayId) {
        if (!cursor.startsWith("i:") || cursor.length() == 2 || cursor.length() > 2 + Limits.ID) {
            throw malformed(rayId);
        }
        return new Place(Instant.EPOCH, cursor.substring(2));
    }

    private static Place placeByTime(String cursor, RayId rayId) {
        String[] parts = cursor.split(":", 3);
        if (parts.length != 3 || !parts[0].equals("t") || !parts[1].matches("[0-9]{1,15}") || parts[2].isEmpty()) {
            throw malformed(rayId);
        }
        return new Place(Instant.ofEpochMilli(Long.parseLong(parts[1])), parts[2]);
    }

    private static InvalidRowException malformed(RayId rayId) {
        return new InvalidRowException("the page's \"after\" is not where a page of this listing ended", rayId);
    }
}
