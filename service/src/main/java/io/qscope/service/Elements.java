package io.qscope.service;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Copies of a caller's collections, which keep their order and hold no null. */
final class Elements {

    private Elements() {}

    /** @throws NullPointerException naming the field when it or an element is null */
    static List<String> list(String field, List<String> values) {
        return List.copyOf(checked(field, values));
    }

    /** @throws NullPointerException naming the field when it or an element is null */
    static Set<String> set(String field, Set<String> values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(checked(field, values)));
    }

    private static <C extends Collection<String>> C checked(String field, C values) {
        Objects.requireNonNull(values, field);
        values.forEach(each -> Objects.requireNonNull(each, () -> field + " must not hold null"));
        return values;
    }
}
