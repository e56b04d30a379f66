package io.qscope.service;

import io.qscope.model.AuditLog;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes audit entries as JSON, an object a line, with every field that proves them. */
final class AuditJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private AuditJson() {}

    /** One entry in one line, without the line's end. */
    static String line(AuditLog entry) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            member(json, "id", entry.id());
            member(json, "event_type", entry.eventType());
            member(json, "subject", entry.subject());
            member(json, "client_id", entry.clientId());
            member(json, "user_id", entry.userId());
            member(json, "ray_id", entry.rayId().value());
            member(json, "metadata", entry.metadata());
            member(json, "created_at", entry.createdAt().toString());
            member(json, "created_by", entry.createdBy());
            member(json, "chain", entry.chain());
            member(json, "sequence", entry.sequence());
            member(json, "previous_hash", entry.previousHash());
            member(json, "hash", entry.hash());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void member(JsonGenerator json, String name, @Nullable Object value) {
        json.writeName(name);
        value(json, value);
    }

    /** What metadata may hold: see the model's checks. */
    private static void value(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof List<?> elements) {
            json.writeStartArray();
            elements.forEach(element -> value(json, element));
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            members.forEach((name, member) -> member(json, String.valueOf(name), member));
            json.writeEndObject();
        } else {
            throw new IllegalStateException(
                    "an audit entry holds a " + value.getClass().getName());
        }
    }
}
