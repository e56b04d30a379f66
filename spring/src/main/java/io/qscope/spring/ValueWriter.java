package io.qscope.spring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/**
 * Makes JSON of values: strings, booleans and nulls are themselves, everything else is an array of a tag and what it needs. A
 * value that could not be read back is refused by the name of the attribute that it is in.
 */
final class ValueWriter {

    /** Deeper than anybody nests, and not so deep that a collection that holds itself exhausts the stack. */
    static final int DEEPEST = 64;

    static final String LIST = "list";
    static final String SET = "set";
    static final String MAP = "map";
    static final String STRINGS = "strings";
    static final String PRINCIPAL = "principal";
    static final String AUTHORIZATION_REQUEST = "authorization-request";

    private final PrincipalCodec principals;

    ValueWriter(PrincipalCodec principals) {
        this.principals = principals;
    }

    /**
     * The JSON of a map of named values.
     *
     * @throws IllegalArgumentException naming the value that cannot be stored and its class
     */
    List<@Nullable Object> write(Map<String, ?> values) {
        List<@Nullable Object> json = new ArrayList<>();
        json.add(MAP);
        values.forEach((name, value) -> {
            json.add(name);
            json.add(new OneValue(name).json(value, 1));
        });
        return json;
    }

    /** One named value, whose name every refusal tells. */
    private final class OneValue {

        private final String name;

        OneValue(String name) {
            this.name = name;
        }

        @Nullable
        Object json(@Nullable Object value, int depth) {
            if (value == null || value instanceof String || value instanceof Boolean) {
                return value;
            }
            if (depth > DEEPEST) {
                throw refused("is nested deeper than " + DEEPEST + ", or holds itself");
            }
            Scalar<?> scalar = Scalar.of(value);
            if (scalar != null) {
                return scalar(scalar, value);
            }
            if (value instanceof List<?> list) {
                return elements(LIST, list, depth);
            }
            if (value instanceof Set<?> set) {
                return elements(SET, set, depth);
            }
            if (value instanceof Map<?, ?> map) {
                return map(map, depth);
            }
            return special(value, depth);
        }

        private Object special(Object value, int depth) {
            if (value instanceof String[] strings) {
                return elements(STRINGS, Arrays.asList(strings), depth);
            }
            if (value.getClass() == OAuth2AuthorizationRequest.class) {
                Map<String, ?> parts = AuthorizationRequestParts.of((OAuth2AuthorizationRequest) value);
                return List.of(AUTHORIZATION_REQUEST, map(parts, depth));
            }
            if (value instanceof Authentication principal) {
                return List.of(PRINCIPAL, principals.name(), principal(principal));
            }
            throw refused("is or holds a value of the class "
                    + value.getClass().getName()
                    + ", which cannot be stored; use strings, numbers, booleans, dates, lists, sets and maps of these");
        }

        private List<Object> scalar(Scalar<?> scalar, Object value) {
            try {
                return List.of(scalar.tag(), scalar.write(value));
            } catch (IllegalArgumentException e) {
                throw refused(
                        "holds a " + value.getClass().getName() + " that could not be read back: " + e.getMessage());
            }
        }

        private String principal(Authentication principal) {
            try {
                return principals.encode(principal);
            } catch (IllegalArgumentException e) {
                throw refused("cannot be stored: " + e.getMessage());
            }
        }

        private List<@Nullable Object> elements(String tag, Iterable<?> elements, int depth) {
            List<@Nullable Object> json = new ArrayList<>();
            json.add(tag);
            for (Object element : elements) {
                json.add(json(element, depth + 1));
            }
            return json;
        }

        private List<@Nullable Object> map(Map<?, ?> map, int depth) {
            List<@Nullable Object> json = new ArrayList<>();
            json.add(MAP);
            new LinkedHashMap<>(map).forEach((key, value) -> {
                json.add(json(key, depth + 1));
                json.add(json(value, depth + 1));
            });
            return json;
        }

        private IllegalArgumentException refused(String problem) {
            return new IllegalArgumentException(name + " " + problem);
        }
    }
}
