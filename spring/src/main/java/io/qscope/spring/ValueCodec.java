package io.qscope.spring;

import io.qscope.key.SealException;
import io.qscope.key.Sealer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes named values – an authorization's attributes, a token's claims, a client's settings – as one text and reads it back:
 * each equal to what it was. What can be stored is a closed list; see {@link Scalar} and {@link ValueWriter}. No name of a class
 * is in the text, but for what a {@link PrincipalCodec} wrote.
 *
 * <p>The text is {@code 1:} and JSON in ASCII, or {@code 1z:} and the same compressed (RFC 1951) in base64, where that is shorter;
 * sealed, it is a {@link Sealer}'s. The 1 is the version. Safe for any number of threads.
 */
final class ValueCodec {

    private static final String VERSION = "1";
    private static final String PLAIN = VERSION + ":";
    private static final String COMPRESSED = VERSION + "z:";
    private static final Pattern VERSIONED = Pattern.compile("(\\d{1,9})[a-z]?:.*", Pattern.DOTALL);

    /** Shorter texts are left as they are, for people to read. */
    private static final int SHORT = 1_000;

    /** What a text may at most become: who writes to the database cannot fill the memory by a small one. */
    private static final int MOST_BYTES = 4_000_000;

    private static final int BUFFER = 8_192;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // Lone surrogates and U+0000 have no place in a row's text, but as escapes.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    private static final ObjectReader READER = MAPPER.readerFor(Object.class);

    private final ValueWriter writer;
    private final ValueReader reader;
    private final @Nullable Sealer sealer;
    private final boolean seals;

    private ValueCodec(PrincipalCodec principals, @Nullable Sealer sealer, boolean seals) {
        this.writer = new ValueWriter(principals);
        this.reader = new ValueReader(principals);
        this.sealer = sealer;
        this.seals = seals;
    }

    /**
     * Writes values that whoever has the database can read.
     *
     * @param sealer opens what was sealed before; none: sealed values are unreadable
     */
    static ValueCodec plain(PrincipalCodec principals, @Nullable Sealer sealer) {
        return new ValueCodec(principals, sealer, false);
    }

    /** Writes values that only who has the key ring can read. Reads those that are not sealed, too. */
    static ValueCodec sealing(PrincipalCodec principals, Sealer sealer) {
        return new ValueCodec(principals, sealer, true);
    }

    /**
     * Writes named values.
     *
     * @param belongsTo what the values belong to, such as a row's id and a field; sealed values open there only
     * @throws IllegalArgumentException naming the value that cannot be stored, and its class
     */
    String encode(Map<String, ?> values, String belongsTo) {
        String json = MAPPER.writeValueAsString(writer.write(values));
        if (json.length() > MOST_BYTES) {
            throw new IllegalArgumentException(String.join(", ", values.keySet()) + " take " + json.length()
                    + " bytes together, and " + MOST_BYTES + " can be stored");
        }
        String text = PLAIN + json;
        if (json.length() > SHORT) {
            String compressed =
                    COMPRESSED + Base64.getEncoder().withoutPadding().encodeToString(deflate(json));
            text = compressed.length() < text.length() ? compressed : text;
        }
        return seals && sealer != null ? sealer.seal(text, belongsTo) : text;
    }

    /**
     * Reads named values, in the order in which they were written.
     *
     * @param belongsTo as they were written
     * @throws UnreadableValueException when the text is foreign, of another version (which it names), damaged, or sealed by a key
     *     that is missing
     */
    Map<String, @Nullable Object> decode(String text, String belongsTo) {
        String json = json(Sealer.isSealed(text) ? open(text, belongsTo) : text);
        Object tree;
        try {
            tree = READER.readValue(json);
        } catch (JacksonException e) {
            throw new UnreadableValueException("the stored value is damaged: it is no JSON");
        }
        return reader.read(tree);
    }

    private String open(String sealed, String belongsTo) {
        if (sealer == null) {
            throw new UnreadableValueException("the stored value is sealed by key "
                    + Sealer.keyId(sealed).orElse("") + ", and there is no key ring");
        }
        try {
            return sealer.open(sealed, belongsTo);
        } catch (SealException e) {
            throw new UnreadableValueException(String.valueOf(e.getMessage()));
        }
    }

    private static String json(String text) {
        if (text.startsWith(PLAIN)) {
            return text.substring(PLAIN.length());
        }
        if (text.startsWith(COMPRESSED)) {
            return inflate(text.substring(COMPRESSED.length()));
        }
        Matcher other = VERSIONED.matcher(text);
        throw new UnreadableValueException(
                other.matches()
                        ? "the stored value has version " + other.group(1) + ", and this release reads version "
                                + VERSION
                        : "the stored value has no version: this adapter did not write it");
    }

    private static byte[] deflate(String json) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(json.getBytes(StandardCharsets.US_ASCII));
            deflater.finish();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                bytes.write(buffer, 0, deflater.deflate(buffer));
            }
            return bytes.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static String inflate(String base64) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(Base64.getDecoder().decode(base64));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if ((count == 0 && !inflater.finished()) || bytes.size() + count > MOST_BYTES) {
                    throw new UnreadableValueException("the stored value is damaged: it ends early, or does not end");
                }
                bytes.write(buffer, 0, count);
            }
            return bytes.toString(StandardCharsets.US_ASCII);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new UnreadableValueException("the stored value is damaged: it does not decompress");
        } finally {
            inflater.end();
        }
    }
}
