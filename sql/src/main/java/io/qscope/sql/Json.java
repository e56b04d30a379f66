package io.qscope.sql;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON columns. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private Json() {}

    static String object(Map<String, ?> values) {
        return values.isEmpty() ? "{}" : MAPPER.writeValueAsString(values);
    }

    static String strings(Collection<String> values) {
        return values.isEmpty() ? "[]" : MAPPER.writeValueAsString(values);
    }

    /** @throws IllegalArgumentException when the text is no JSON object: damage by hand */
    static Map<String, Object> readObject(String text) {
        return text.equals("{}") ? Map.of() : read(text, OBJECT);
    }

    /** @throws IllegalArgumentException when the text is no JSON array of strings: damage by hand */
    static List<String> readStrings(String text) {
        return text.equals("[]") ? List.of() : read(text, STRINGS);
    }

    private static <T> T read(String text, TypeReference<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException notJson) {
            // The message would quote the text; where it broke is enough.
            throw new IllegalArgumentException("a JSON column holds something else");
        }
    }
}
