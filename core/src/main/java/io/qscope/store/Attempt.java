package io.qscope.store;

import io.qscope.model.Limits;
import io.qscope.model.RowIds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * One try at a transition: who, when, and an id that stays on the row when it wins. A call whose answer was lost is
 * repeated with the same attempt and the same rows: the repeat is recognised before any other check and answered as the
 * first time, and nothing is written again. An attempt serves one call or one unit of work.
 *
 * @param id not blank, at most {@value Limits#ID} characters, unique to this try
 * @param at the caller's clock, truncated to the millisecond; expiry is judged by it
 * @param by who acts; goes to {@code updatedBy}, at most {@value Limits#NAME} characters
 */
public record Attempt(String id, Instant at, String by) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public Attempt {
        check("attempt id", id, Limits.ID);
        check("attempt by", by, Limits.NAME);
        Objects.requireNonNull(at, "attempt at");
        if (at.isBefore(Limits.EARLIEST) || at.isAfter(Limits.LATEST)) {
            throw new IllegalArgumentException(
                    "attempt at must lie between " + Limits.EARLIEST + " and " + Limits.LATEST);
        }
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A new attempt with an id of its own. */
    public static Attempt of(Instant at, String by) {
        return new Attempt(RowIds.next(), at, by);
    }

    private static void check(String field, String value, int max) {
        Objects.requireNonNull(value, field);
        if (value.isBlank()
                || value.length() > max
                || value.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException(field + " must not be blank and must have at most " + max
                    + " characters, no control character and no unpaired surrogate");
        }
    }
}
