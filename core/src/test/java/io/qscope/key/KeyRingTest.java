package io.qscope.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rings of keys, as values and as text. */
class KeyRingTest {

    private static final Key OLD = Key.generate("old");
    private static final Key NEW = Key.generate("new");

    @TempDir
    Path folder;

    @Test
    void firstKeyWritesAndAllAreReadable() {
        KeyRing ring = KeyRing.of(NEW, OLD);
        assertThat(ring.writing()).isSameAs(NEW);
        assertThat(ring.readable()).containsExactly(NEW, OLD);
        assertThat(ring.key("old")).containsSame(OLD);
        assertThat(ring.key("other")).isEmpty();
    }

    @Test
    void textComesBackAsTheSameRing() throws Exception {
        Path file = Files.writeString(
                folder.resolve("keys"), "# a comment\n\n" + KeyRing.of(NEW, OLD).toText());
        KeyRing read = KeyRing.fromFile(file);
        assertThat(read.readable()).extracting(Key::id).containsExactly("new", "old");
        assertThat(read.writing().digest(Purpose.TOKENS, "x")).isEqualTo(NEW.digest(Purpose.TOKENS, "x"));
        String inOneLine = KeyRing.of(NEW, OLD).toText().strip().replace('\n', ';');
        assertThat(KeyRing.parse(inOneLine).toText()).isEqualTo(read.toText());
    }

    @Test
    void malformedTextIsRefusedWithoutQuotingIt() {
        String material = Base64.getEncoder().encodeToString(new byte[32]);
        for (String text :
                List.of("", "# nothing", "id", "id " + material + " more", "id !" + material, "id c2hvcnQ=")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyRing.parse(text))
                    .satisfies(e ->
                            assertThat(e.toString()).doesNotContain(material).doesNotContain("c2hv"));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.parse("a " + material + "\n\nb !oops\n"))
                .withMessageContaining("line 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.parse("a " + material + ";a " + material))
                .withMessageContaining("a is there twice");
        assertThatThrownBy(() -> KeyRing.fromFile(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
    }

    @Test
    void secretsAreNeverPrinted() {
        String secret = KeyRing.of(NEW).toText().strip().split(" ", -1)[1];
        assertThat(KeyRing.of(NEW, OLD)).hasToString("key ring [new, old]");
        assertThat(NEW.toString()).isEqualTo("key new").doesNotContain(secret);
    }

    @Test
    void rotationPutsTheNewKeyFirstAndKeepsTheOld() {
        KeyRing both = KeyRing.of(OLD).writingWith(NEW);
        assertThat(both.readable()).containsExactly(NEW, OLD);
        assertThat(both.writingWith(OLD).readable()).containsExactly(OLD, NEW);
        assertThat(both.without("old").readable()).containsExactly(NEW);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> both.without("new"))
                .withMessageContaining("writes");
        assertThatIllegalArgumentException().isThrownBy(() -> both.without("none"));
        assertThatIllegalArgumentException().isThrownBy(() -> both.writingWith(Key.generate("old")));
    }

    /** Fixed for ever: what was stored by an earlier release is found by these very bytes. */
    @Test
    void derivationIsHkdfExpandAndStaysWhatItIs() {
        Key key = Key.of("k", new byte[32]);
        assertThat(HexFormat.of().formatHex(key.mac(Purpose.TOKENS, new byte[0])))
                .isEqualTo(HexFormat.of().formatHex(expected("qscope tokens")));
        assertThat(key.mac(Purpose.TOKENS, new byte[] {1})).isNotEqualTo(key.mac(Purpose.AUDIT, new byte[] {1}));
    }

    private static byte[] expected(String info) {
        byte[] withCounter = (info + "\u0001").getBytes(StandardCharsets.US_ASCII);
        return hmac(hmac(new byte[32], withCounter), new byte[0]);
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shortKeysAndOddIdsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Key.of("k", new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> Key.of("a b", new byte[32]));
        assertThatIllegalArgumentException().isThrownBy(() -> Key.of("", new byte[32]));
    }
}
