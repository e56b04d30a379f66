package io.qscope.bench;

import java.util.Map;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The JSON column of the peers, by the library that qscope uses too. */
final class JsonColumns {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectReader READER = MAPPER.readerForMapOf(Object.class);

    private JsonColumns() {}

    static String text(Map<String, Object> object) {
        return MAPPER.writeValueAsString(object);
    }

    static Map<String, Object> object(String text) {
        return READER.readValue(text);
    }
}
