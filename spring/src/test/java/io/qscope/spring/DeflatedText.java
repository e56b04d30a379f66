package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Compressed texts, also one that becomes too long. */
final class DeflatedText {

    private DeflatedText() {}

    static void refusedBy(ValueCodec codec) {
        byte[] bomb = deflated("[\"map\",\"a\",\"" + "x".repeat(5_000_000) + "\"]");
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> codec.decode("1z:" + Base64.getEncoder().encodeToString(bomb), "x"))
                .withMessageContaining("does not end");
    }

    static byte[] deflated(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater(9, true))) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
