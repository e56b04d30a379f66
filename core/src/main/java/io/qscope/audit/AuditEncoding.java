package io.qscope.audit;

import io.qscope.model.AuditLog;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that an entry's hash is made of: version 1 of the encoding, which docs/audit.md describes for other programs. Each
 * value is its type's tag, its length or count where it has one, and itself, so that no two entries have the same bytes. A
 * change of it is a new version, with a name of its own in the hash.
 */
final class AuditEncoding {

    private static final String NAME = "qscope audit entry v1";

    private static final int ABSENT = 0;
    private static final int TEXT = 1;
    private static final int WHOLE = 2;
    private static final int FRACTION = 3;
    private static final int BOOLEAN = 4;
    private static final int LIST = 5;
    private static final int MAP = 6;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    private AuditEncoding() {}

    /** Every field of the entry, with these for what the store gives; all but the hash. */
    static byte[] of(
            AuditRole role,
            AuditLog entry,
            @Nullable String chain,
            @Nullable Long sequence,
            @Nullable String previousHash) {
        AuditEncoding encoding = new AuditEncoding();
        encoding.text(NAME);
        encoding.out.write(role.code());
        encoding.value(chain);
        encoding.value(sequence);
        encoding.value(previousHash);
        encoding.value(entry.id());
        encoding.value(entry.eventType());
        encoding.value(entry.subject());
        encoding.value(entry.clientId());
        encoding.value(entry.userId());
        encoding.value(entry.rayId().value());
        encoding.value(entry.metadata());
        encoding.value(entry.createdAt().toEpochMilli());
        encoding.value(entry.createdBy());
        return encoding.out.toByteArray();
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            out.write(ABSENT);
        } else if (value instanceof String text) {
            out.write(TEXT);
            text(text);
        } else if (value instanceof Long whole) {
            out.write(WHOLE);
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(whole).array());
        } else if (value instanceof Double fraction) {
            out.write(FRACTION);
            // Not every database tells the two zeros apart.
            double oneZero = fraction + 0.0;
            out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(oneZero).array());
        } else if (value instanceof Boolean bool) {
            out.write(BOOLEAN);
            out.write(bool ? 1 : 0);
        } else if (value instanceof List<?> elements) {
            out.write(LIST);
            count(elements.size());
            elements.forEach(this::value);
        } else if (value instanceof Map<?, ?> map) {
            out.write(MAP);
            map(map);
        } else {
            throw new IllegalStateException(
                    "metadata holds a " + value.getClass().getName());
        }
    }

    /** By the bytes of their keys, since the order of a map is nobody's promise. */
    private void map(Map<?, ?> map) {
        SortedMap<byte[], @Nullable Object> sorted = new TreeMap<>(Arrays::compareUnsigned);
        map.forEach((key, value) -> sorted.put(((String) key).getBytes(StandardCharsets.UTF_8), value));
        count(sorted.size());
        sorted.forEach((key, value) -> {
            bytes(key);
            value(value);
        });
    }

    private void text(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
        count(bytes.length);
        out.writeBytes(bytes);
    }

    private void count(int count) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
    }
}
