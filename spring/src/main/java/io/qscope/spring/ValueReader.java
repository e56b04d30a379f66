package io.qscope.spring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/** Makes values of the JSON that {@link ValueWriter} wrote. Tags decide what is made, and the list of tags is closed. */
final class ValueReader {

    private final PrincipalCodec principals;

    ValueReader(PrincipalCodec principals) {
        this.principals = principals;
    }

    /**
     * The named values.
     *
     * @throws UnreadableValueException when the JSON is not what a writer wrote
     */
    Map<String, @Nullable Object> read(@Nullable Object json) {
        if (!(value(json) instanceof Map<?, ?> values)) {
            throw new UnreadableValueException("the stored value is damaged: it is no map");
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!(name instanceof String text)) {
                throw new UnreadableValueException("the stored value is damaged: one of its names is no string");
            }
            named.put(text, value);
        });
        return named;
    }

    private @Nullable Object value(@Nullable Object json) {
        if (json == null || json instanceof String || json instanceof Boolean) {
            return json;
        }
        if (json instanceof List<?> array && !array.isEmpty() && array.get(0) instanceof String tag) {
            return tagged(tag, array.subList(1, array.size()));
        }
        throw new UnreadableValueException("the stored value is damaged: it has JSON that no value is written as");
    }

    private Object tagged(String tag, List<?> rest) {
        return switch (tag) {
            case ValueWriter.LIST -> values(rest);
            case ValueWriter.SET -> set(rest);
            case ValueWriter.MAP -> map(rest);
            case ValueWriter.STRINGS -> strings(rest);
            case ValueWriter.PRINCIPAL -> principal(rest);
            case ValueWriter.AUTHORIZATION_REQUEST -> authorizationRequest(rest);
            default -> scalar(tag, rest);
        };
    }

    private List<@Nullable Object> values(List<?> rest) {
        List<@Nullable Object> values = new ArrayList<>(rest.size());
        rest.forEach(json -> values.add(value(json)));
        return values;
    }

    private Set<@Nullable Object> set(List<?> rest) {
        return new LinkedHashSet<>(values(rest));
    }

    private Map<@Nullable Object, @Nullable Object> map(List<?> rest) {
        if (rest.size() % 2 != 0) {
            throw damaged(ValueWriter.MAP);
        }
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < rest.size(); i += 2) {
            map.put(value(rest.get(i)), value(rest.get(i + 1)));
        }
        return map;
    }

    private static String[] strings(List<?> rest) {
        try {
            return rest.toArray(String[]::new);
        } catch (ArrayStoreException e) {
            throw damaged(ValueWriter.STRINGS);
        }
    }

    private Authentication principal(List<?> rest) {
        if (rest.size() != 2 || !(rest.get(0) instanceof String name) || !(rest.get(1) instanceof String text)) {
            throw damaged(ValueWriter.PRINCIPAL);
        }
        if (!name.equals(principals.name())) {
            throw new UnreadableValueException("the stored principal was written by the codec " + name
                    + ", and the one in use is " + principals.name());
        }
        try {
            return principals.decode(text);
        } catch (RuntimeException e) {
            // Its message may quote what it read.
            throw new UnreadableValueException("the stored principal cannot be read by the codec " + name + ": "
                    + e.getClass().getName());
        }
    }

    private Object authorizationRequest(List<?> rest) {
        if (rest.size() != 1 || !(value(rest.get(0)) instanceof Map<?, ?> parts)) {
            throw damaged(ValueWriter.AUTHORIZATION_REQUEST);
        }
        try {
            return AuthorizationRequestParts.request(parts);
        } catch (ClassCastException | IllegalArgumentException e) {
            throw damaged(ValueWriter.AUTHORIZATION_REQUEST);
        }
    }

    private static Object scalar(String tag, List<?> rest) {
        Scalar<?> scalar = Scalar.tagged(tag);
        if (scalar == null) {
            throw new UnreadableValueException(
                    "the stored value has a kind of value that this release does not know, or is damaged");
        }
        if (rest.size() != 1 || !(rest.get(0) instanceof String text)) {
            throw damaged(tag);
        }
        try {
            return scalar.read(text);
        } catch (RuntimeException e) {
            throw damaged(tag);
        }
    }

    private static UnreadableValueException damaged(String tag) {
        return new UnreadableValueException("the stored value is damaged: what is marked as " + tag + " is none");
    }
}
