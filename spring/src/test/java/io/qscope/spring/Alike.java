package io.qscope.spring;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;

/**
 * Compares Spring's authorizations field by field, whatever fields the release of Spring has that is tested with: all but the values
 * of tokens and the state, of which only digests are stored.
 */
final class Alike {

    private Alike() {}

    /** The fields that differ, and those of the first that are empty and would be equal by chance; no more than their paths. */
    static List<String> differences(OAuth2Authorization expected, @Nullable OAuth2Authorization actual) {
        List<String> found = new ArrayList<>();
        if (actual == null) {
            found.add("absent");
        } else {
            compare("authorization", expected, actual, found);
        }
        return found;
    }

    /** The fields that have nothing in them: whether they are stored an authorization without them does not show. */
    static List<String> emptyFields(Object object) throws IllegalAccessException {
        List<String> empty = new ArrayList<>();
        for (Field field : fields(object.getClass())) {
            Object value = field.get(object);
            if (value == null || (value instanceof Map<?, ?> map && map.isEmpty())) {
                empty.add(field.getName());
            }
        }
        return empty;
    }

    private static void compare(String path, Object expected, Object actual, List<String> found) {
        if (expected.getClass() != actual.getClass()) {
            found.add(path + " is a " + actual.getClass().getName());
            return;
        }
        try {
            for (Field field : fields(expected.getClass())) {
                if (!field.getName().equals("tokenValue")) {
                    compareValues(path + "." + field.getName(), field.get(expected), field.get(actual), found);
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compareValues(
            String path, @Nullable Object expected, @Nullable Object actual, List<String> found) {
        if (expected instanceof OAuth2Token || expected instanceof OAuth2Authorization.Token<?>) {
            compare(path, expected, Objects.requireNonNull(actual, path), found);
        } else if (path.endsWith(".tokens") || path.endsWith(".attributes")) {
            compareMaps(path, (Map<?, ?>) expected, (Map<?, ?>) actual, found);
        } else if (!Objects.equals(expected, actual)) {
            found.add(path);
        }
    }

    private static void compareMaps(
            String path, @Nullable Map<?, ?> expected, @Nullable Map<?, ?> actual, List<String> found) {
        Map<Object, Object> rest = new LinkedHashMap<>(Objects.requireNonNull(actual));
        Objects.requireNonNull(expected).forEach((key, value) -> {
            Object other = rest.remove(key);
            if (key.equals("state") && other != null) {
                return;
            }
            compareValues(path + "." + key, value, other, found);
        });
        rest.keySet().forEach(key -> found.add(path + "." + key + " is new"));
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }
}
