package io.qscope.sql;

import io.qscope.model.EncodedSecret;
import io.qscope.model.Limits;
import io.qscope.model.TokenDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the model's values are held in columns, both ways. Reading goes through the columns of a row one after the other, in
 * the order of the SELECT.
 */
final class SqlValues {

    private final SqlRow row;
    private int next;

    private SqlValues(SqlRow row) {
        this.row = row;
    }

    static SqlValues of(SqlRow row) {
        return new SqlValues(row);
    }

    static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    /** The last millisecond not after a moment that no row has checked. */
    static long floorMillis(Instant instant) {
        return nearRows(instant).toEpochMilli();
    }

    /** The first millisecond not before a moment that no row has checked. */
    static long ceilingMillis(Instant instant) {
        return nearRows(instant).plusNanos(999_999).toEpochMilli();
    }

    /** The same to every row, and small enough to be counted in milliseconds. */
    private static Instant nearRows(Instant instant) {
        Instant before = Limits.EARLIEST.minusMillis(1);
        Instant after = Limits.LATEST.plusMillis(1);
        return instant.isBefore(before) ? before : instant.isAfter(after) ? after : instant;
    }

    static long seconds(Duration duration) {
        return duration.toSeconds();
    }

    /** Scopes have no space in them (RFC 6749 §3.3). */
    static String scopes(Collection<String> scopes) {
        return String.join(" ", scopes);
    }

    static @Nullable String secret(@Nullable EncodedSecret secret) {
        return secret == null ? null : secret.value();
    }

    /** Whether there is nothing in the columns from here on, as the first of them tells; then so many are passed over. */
    boolean isAbsent(int columns) {
        boolean absent = row.text(next) == null;
        next += absent ? columns : 0;
        return absent;
    }

    String text() {
        return present(row.text(next++));
    }

    @Nullable
    String optionalText() {
        return row.text(next++);
    }

    long number() {
        return present(row.number(next++));
    }

    @Nullable
    Long optionalNumber() {
        return row.number(next++);
    }

    int count() {
        return Math.toIntExact(number());
    }

    boolean flag() {
        return present(row.flag(next++));
    }

    Instant instant() {
        return Instant.ofEpochMilli(number());
    }

    @Nullable
    Instant optionalInstant() {
        Long millis = optionalNumber();
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    Duration duration() {
        return Duration.ofSeconds(number());
    }

    /** Two columns: the digest, and the id of its key. */
    TokenDigest digest() {
        byte[] bytes = row.bytes(next++);
        return TokenDigest.of(present(bytes), optionalText());
    }

    @Nullable
    EncodedSecret optionalSecret() {
        String text = optionalText();
        return text == null ? null : new EncodedSecret(text);
    }

    Set<String> scopes() {
        String text = text();
        if (text.isEmpty()) {
            return Set.of();
        }
        return text.indexOf(' ') < 0 ? Set.of(text) : new LinkedHashSet<>(Arrays.asList(text.split(" ", -1)));
    }

    List<String> strings() {
        return Json.readStrings(text());
    }

    Set<String> stringSet() {
        return new LinkedHashSet<>(strings());
    }

    Map<String, Object> object() {
        return Json.readObject(text());
    }

    /** As {@link #object}, but an object that has a member twice is damage. */
    Map<String, Object> evidence() {
        return Json.readStrictly(text());
    }

    private <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("column " + next + " of the result is null");
        }
        return value;
    }
}
