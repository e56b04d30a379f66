package io.qscope.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Values that are sealed and opened. */
class SealerTest {

    private static final Key OLD = Key.generate("old.with:dots");
    private static final Key NEW = Key.generate("new");
    private static final String PLACE = "row 1 attributes";

    private final Sealer sealer = new Sealer(() -> KeyRing.of(OLD));

    @Test
    void whatIsSealedOpensAndHidesItsText() {
        for (String text : List.of("", "secret", "ünï \u0000 🙂", "x".repeat(100_000))) {
            String sealed = sealer.seal(text, PLACE);
            assertThat(sealer.open(sealed, PLACE)).isEqualTo(text);
            assertThat(sealed).matches("v1\\.old\\.with:dots\\.[A-Za-z0-9_-]+").doesNotContain("secret");
            assertThat(Sealer.isSealed(sealed)).isTrue();
            assertThat(Sealer.keyId(sealed)).contains("old.with:dots");
        }
    }

    @Test
    void eachSealingIsAnother() {
        assertThat(sealer.seal("same", PLACE)).isNotEqualTo(sealer.seal("same", PLACE));
    }

    @Test
    void anyReadableKeyOpensAndTheWritingOneSeals() {
        AtomicReference<KeyRing> ring = new AtomicReference<>(KeyRing.of(OLD));
        Sealer rotating = new Sealer(ring::get);
        String before = rotating.seal("text", PLACE);
        ring.set(KeyRing.of(NEW, OLD));
        assertThat(rotating.open(before, PLACE)).isEqualTo("text");
        String after = rotating.seal("text", PLACE);
        assertThat(Sealer.keyId(after)).contains("new");
        ring.set(KeyRing.of(NEW));
        assertThat(rotating.open(after, PLACE)).isEqualTo("text");
        assertThatExceptionOfType(SealException.class)
                .isThrownBy(() -> rotating.open(before, PLACE))
                .withMessageContaining("old.with:dots")
                .withMessageContaining("lacks");
    }

    @Test
    void whatWasMovedDoesNotOpen() {
        String sealed = sealer.seal("text", PLACE);
        assertThatExceptionOfType(SealException.class)
                .isThrownBy(() -> sealer.open(sealed, "row 2 attributes"))
                .withMessageContaining("moved");
    }

    @Test
    void anotherKeyOfTheSameIdDoesNotOpen() {
        String sealed = sealer.seal("text", PLACE);
        Sealer other = new Sealer(() -> KeyRing.of(Key.generate(OLD.id())));
        assertThatExceptionOfType(SealException.class).isThrownBy(() -> other.open(sealed, PLACE));
    }

    @Test
    void everyChangedByteIsFound() {
        String sealed = sealer.seal("a text", PLACE);
        int start = sealed.lastIndexOf('.') + 1;
        byte[] whole = Base64.getUrlDecoder().decode(sealed.substring(start));
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            String text = sealed.substring(0, start)
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThatExceptionOfType(SealException.class).isThrownBy(() -> sealer.open(text, PLACE));
        }
    }

    @Test
    void whatIsNoSealedValueIsRefusedSayingWhy() {
        String sealed = sealer.seal("text", PLACE);
        assertRefused("plain", "not sealed");
        assertRefused("v1.", "not sealed");
        assertRefused("v1..abc", "not sealed");
        assertRefused("version.old.abc", "not sealed");
        assertRefused("v1." + OLD.id() + ".", "too short");
        assertRefused("v1." + OLD.id() + ".!!", "base64url");
        assertRefused(sealed.replaceFirst("v1", "v2"), "version v2");
        assertRefused(sealed.replaceFirst("v1", "v10"), "version v10");
        assertThat(Sealer.isSealed("{\"a\":1.5}")).isFalse();
        assertThat(Sealer.keyId("plain")).isEmpty();
    }

    private void assertRefused(String text, String why) {
        assertThatExceptionOfType(SealException.class)
                .isThrownBy(() -> sealer.open(text, PLACE))
                .withMessageContaining(why);
    }

    /** Fixed for ever: what was sealed by an earlier release is opened by these very steps. */
    @Test
    void formIsAesGcmByADerivedKeyAndStaysWhatItIs() throws Exception {
        Key key = Key.of("k", new byte[32]);
        String sealed = new Sealer(() -> KeyRing.of(key)).seal("text", PLACE);
        byte[] whole = Base64.getUrlDecoder().decode(sealed.substring("v1.k.".length()));
        byte[] input = new byte[23];
        System.arraycopy("AES-256-GCM".getBytes(StandardCharsets.US_ASCII), 0, input, 0, 11);
        System.arraycopy(whole, 0, input, 11, 12);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key.mac(Purpose.SEALING, input), "AES"),
                new GCMParameterSpec(128, whole, 12, 12));
        cipher.updateAAD(("v1.k." + PLACE).getBytes(StandardCharsets.UTF_8));
        assertThat(cipher.doFinal(whole, 24, whole.length - 24)).isEqualTo("text".getBytes(StandardCharsets.UTF_8));
    }
}
