package io.qscope.model;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks that records make of their fields. Messages name the field and the bound, never the value. */
final class Fields {

    private static final int SCALAR_COST = 20;

    private Fields() {}

    static String id(String field, String value) {
        return text(field, value, Limits.ID);
    }

    static @Nullable String optionalId(String field, @Nullable String value) {
        return value == null ? null : id(field, value);
    }

    static String name(String field, String value) {
        return text(field, value, Limits.NAME);
    }

    static @Nullable String optionalName(String field, @Nullable String value) {
        return value == null ? null : name(field, value);
    }

    /** Not blank, at most {@code max} characters, well-formed Unicode without control characters. */
    static String text(String field, String value, int max) {
        Objects.requireNonNull(value, field);
        if (value.isBlank()) {
            throw refused(field, "must not be blank");
        }
        if (value.length() > max) {
            throw refused(field, "must have at most " + max + " characters, has " + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw refused(field, "must not hold a control character");
            }
        }
        return wellFormed(field, value);
    }

    static Instant instant(String field, Instant value) {
        Objects.requireNonNull(value, field);
        if (value.isBefore(Limits.EARLIEST) || value.isAfter(Limits.LATEST)) {
            throw refused(field, "must lie between " + Limits.EARLIEST + " and " + Limits.LATEST);
        }
        return value.truncatedTo(ChronoUnit.MILLIS);
    }

    static @Nullable Instant optionalInstant(String field, @Nullable Instant value) {
        return value == null ? null : instant(field, value);
    }

    /** A positive duration of whole seconds, the unit of OAuth's {@code expires_in} and {@code interval}. */
    static Duration seconds(String field, Duration value) {
        Objects.requireNonNull(value, field);
        if (value.isNegative() || value.isZero() || value.getNano() != 0 || value.getSeconds() > Integer.MAX_VALUE) {
            throw refused(field, "must be whole seconds, from 1 to " + Integer.MAX_VALUE);
        }
        return value;
    }

    static @Nullable Duration optionalSeconds(String field, @Nullable Duration value) {
        return value == null ? null : seconds(field, value);
    }

    static @Nullable Integer optionalPositive(String field, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw refused(field, "must be at least 1");
        }
        return value;
    }

    static long version(long value) {
        if (value < 0) {
            throw refused("version", "must not be negative");
        }
        return value;
    }

    /** Scopes as RFC 6749 §3.3 spells them: printable ASCII without space, quote and backslash. */
    static Set<String> scopes(String field, Collection<String> values) {
        Set<String> scopes = set(field, values, Limits.TOKEN);
        for (String scope : scopes) {
            if (!scope.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\')) {
                throw refused(field, "must be printable ASCII without space, quote and backslash (RFC 6749 §3.3)");
            }
        }
        return scopes;
    }

    static Set<String> set(String field, Collection<String> values, int max) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(list(field, values, max)));
    }

    static List<String> list(String field, Collection<String> values, int max) {
        Objects.requireNonNull(values, field);
        if (values.size() > Limits.ELEMENTS) {
            throw refused(field, "must have at most " + Limits.ELEMENTS + " elements, has " + values.size());
        }
        values.forEach(value -> text(field, value, max));
        return List.copyOf(values);
    }

    /**
     * A deep, unmodifiable copy of a JSON object: strings, booleans, whole numbers (held as {@link Long}), fractions (held
     * as {@link Double}), lists and maps of these.
     */
    static Map<String, Object> json(String field, Map<String, ?> values) {
        return new JsonCopy(field).object(Objects.requireNonNull(values, field), 1);
    }

    static IllegalArgumentException refused(String field, String why) {
        return new IllegalArgumentException(field + " " + why);
    }

    /** An unpaired surrogate has no UTF-8 form: an engine would store something else. */
    private static String wellFormed(String field, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1));
                if (!pair) {
                    throw refused(field, "must not hold an unpaired surrogate");
                }
                i++;
            }
        }
        return value;
    }

    private static final class JsonCopy {

        private final String field;
        private int cost;

        JsonCopy(String field) {
            this.field = field;
        }

        Map<String, Object> object(Map<?, ?> values, int depth) {
            checkDepth(depth);
            Map<String, Object> copy = new LinkedHashMap<>();
            values.forEach((key, value) -> {
                if (!(key instanceof String name)) {
                    throw refused(field, "must have strings as keys");
                }
                copy.put(string(name), value(value, depth));
            });
            return Collections.unmodifiableMap(copy);
        }

        private Object value(@Nullable Object value, int depth) {
            if (value instanceof String text) {
                return string(text);
            }
            if (value instanceof Boolean) {
                charge(SCALAR_COST);
                return value;
            }
            if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
                charge(SCALAR_COST);
                return ((Number) value).longValue();
            }
            if ((value instanceof Double || value instanceof Float)
                    && Double.isFinite(((Number) value).doubleValue())) {
                charge(SCALAR_COST);
                return ((Number) value).doubleValue();
            }
            if (value instanceof Map<?, ?> map) {
                return object(map, depth + 1);
            }
            if (value instanceof Collection<?> elements) {
                checkDepth(depth + 1);
                List<Object> copy = new ArrayList<>();
                elements.forEach(element -> copy.add(value(element, depth + 1)));
                return Collections.unmodifiableList(copy);
            }
            throw refused(
                    field,
                    "must hold strings, booleans, whole numbers up to 64 bits, finite fractions, lists and maps only,"
                            + " and no null; found "
                            + (value == null ? "null" : value.getClass().getName()));
        }

        private String string(String text) {
            charge(text.length());
            if (text.indexOf('\0') >= 0) {
                throw refused(field, "must not hold the character U+0000");
            }
            return wellFormed(field, text);
        }

        private void charge(int characters) {
            cost += characters;
            if (cost > Limits.METADATA) {
                throw refused(field, "must have at most " + Limits.METADATA + " characters in all");
            }
        }

        private void checkDepth(int depth) {
            charge(1);
            if (depth > Limits.METADATA_DEPTH) {
                throw refused(field, "must be nested at most " + Limits.METADATA_DEPTH + " deep");
            }
        }
    }
}
