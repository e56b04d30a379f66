package io.qscope.sql;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** JSON columns. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final ObjectReader OBJECT = MAPPER.readerForMapOf(Object.class);
    private static final ObjectReader STRICT_OBJECT = OBJECT.with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    private static final ObjectReader STRINGS = MAPPER.readerForListOf(String.class);

    private Json() {}

    static String object(Map<String, ?> values) {
        return values.isEmpty() ? "{}" : MAPPER.writeValueAsString(values);
    }

    static String strings(Collection<String> values) {
        return values.isEmpty() ? "[]" : MAPPER.writeValueAsString(values);
    }

    /** @throws IllegalArgumentException when the text is no JSON object: damage by hand */
    static Map<String, Object> readObject(String text) {
        return readObject(text, OBJECT);
    }

    /**
     * Reads what is evidence. Of two members of one name only one is read, and who reads the column by other means may see the
     * other.
     *
     * @throws IllegalArgumentException when the text is no JSON object, or an object in it has a member twice: damage by hand
     */
    static Map<String, Object> readStrictly(String text) {
        return readObject(text, STRICT_OBJECT);
    }

    private static Map<String, Object> readObject(String text, ObjectReader reader) {
        if (text.equals("{}")) {
            return Map.of();
        }
        try {
            return reader.readValue(text);
        } catch (JacksonException notJson) {
            throw damaged();
        }
    }

    /** @throws IllegalArgumentException when the text is no JSON array of strings: damage by hand */
    static List<String> readStrings(String text) {
        if (text.equals("[]")) {
            return List.of();
        }
        try {
            return STRINGS.readValue(text);
        } catch (JacksonException notJson) {
            throw damaged();
        }
    }

    /** Without Jackson's message, which would quote the text. */
    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException("a JSON column holds something else");
    }
}
