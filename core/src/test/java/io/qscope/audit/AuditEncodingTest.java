package io.qscope.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditSeal.Verdict;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.Samples;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes that are hashed, and the hash. What is pinned here was computed by another program from docs/audit.md: if a test of
 * it fails, the encoding has changed, and no log written before can be verified.
 */
class AuditEncodingTest {

    private static final Key KEY = Key.of("key:1.a", counting());
    private static final KeyRing KEYS = KeyRing.of(KEY);

    private static final String BYTES = "000000157173636f706520617564697420656e747279207631"
            + "00"
            + "0100000007636861696e2d31"
            + "020000000000000007"
            + "0100000040" + "30".repeat(64)
            + "010000000469642d31"
            + "010000000b636f64652e697373756564"
            + "01000000077375626a656374"
            + "00"
            + "01000000077573657220c3bc"
            + "01000000057261792d31"
            + "0600000004"
            + "0000000161" + "0600000002" + "00000000" + "0100000002c3bc" + "000000017a" + "0400"
            + "0000000162" + "0500000006" + "020000000000000001" + "030000000000000000" + "0401" + "010000000178"
            + "0500000000" + "0600000000"
            + "00000003efbfae" + "033ff8000000000000"
            + "00000004f09f9880" + "028000000000000000"
            + "020000019b76daa87b"
            + "010000000474657374";

    private static byte[] counting() {
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) i;
        }
        return secret;
    }

    /** Keys in no order, and one astral: UTF-16 would sort it before the one that is not. */
    private static AuditLog entry() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("z", false);
        inner.put("", "\u00fc");
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("b", List.of(1, -0.0, true, "x", List.of(), Map.of()));
        metadata.put("\uffee", 1.5);
        metadata.put("\ud83d\ude00", Long.MIN_VALUE);
        metadata.put("a", inner);
        return AuditLog.builder()
                .id("id-1")
                .eventType("code.issued")
                .subject("subject")
                .userId("user \u00fc")
                .rayId(new RayId("ray-1"))
                .metadata(metadata)
                .createdAt(Instant.ofEpochMilli(1_767_225_600_123L))
                .createdBy("test")
                .build();
    }

    private static AuditLog sealed(AuditRole role) {
        return AuditSeal.sealed(role, entry(), "chain-1", 7, AuditHead.NO_LINK, KEY);
    }

    @Test
    void bytesAreAsDocumented() {
        byte[] bytes = AuditEncoding.of(AuditRole.ENTRY, entry(), "chain-1", 7L, AuditHead.NO_LINK);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(BYTES);
    }

    @Test
    void hashIsAsDocumented() {
        assertThat(sealed(AuditRole.ENTRY).hash())
                .isEqualTo("v1:key:1.a:5af8f2b08b2a62370f7e5d1809a0ddc3b662c69457341f8127798cb123cafc33");
        assertThat(sealed(AuditRole.OPENING).hash())
                .isEqualTo("v1:key:1.a:a3afbbb2a2555b098a64cdf1f135580db11d9845043b3cbddb35ba1cf758f9c8");
        assertThat(sealed(AuditRole.CLOSING).hash())
                .isEqualTo("v1:key:1.a:8163e3cd238d1b7c0928df0862afb8c438443e418149dbaed82d3e0af387a626");
    }

    @Test
    void exampleInTheDocumentationIsThisOne() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/audit.md"))) {
            folder = Objects.requireNonNull(folder.getParent(), "docs/audit.md");
        }
        String page = Files.readString(folder.resolve("docs/audit.md"));
        String hex = page.substring(page.indexOf("```hex") + 6);
        assertThat(hex.substring(0, hex.indexOf("```")).replaceAll("\\s", "")).isEqualTo(BYTES);
        assertThat(page).contains(sealed(AuditRole.ENTRY).hash());
    }

    @Test
    void linkIsAsDocumented() {
        assertThat(AuditHead.linkOf(List.of("v1:key:1:" + "a".repeat(64), "v1:key:1:" + "b".repeat(64))))
                .isEqualTo("aee65128d8df44645c9adf8baff01c3d167ee1ae12928c4b6bd0ee079f659720");
        assertThat(AuditHead.NO_LINK).isEqualTo("0".repeat(64));
    }

    static Stream<RecordComponent> fields() {
        return Stream.of(AuditLog.class.getRecordComponents());
    }

    /** Found by reflection, so that a field that is added one day is covered or fails here. */
    @ParameterizedTest
    @MethodSource("fields")
    void everyFieldIsCovered(RecordComponent field) {
        AuditLog sealed = AuditSeal.sealed(
                AuditRole.ENTRY, entry().toBuilder().clientId("client").build(), "chain-1", 7, AuditHead.NO_LINK, KEY);
        AuditLog changed = Samples.with(sealed, field.getName(), Samples.otherThan(Samples.valueOf(sealed, field)));
        assertThat(changed).isNotEqualTo(sealed);
        assertThat(AuditSeal.verdict(sealed, KEYS)).isEqualTo(Verdict.ENTRY);
        assertThat(AuditSeal.verdict(changed, KEYS))
                .as("after a change of " + field)
                .isEqualTo(Verdict.CHANGED);
    }

    /** What is absent is another thing than what is empty or blank, and a field's end is no other field's start. */
    @Test
    void noTwoEntriesHaveTheSameBytes() {
        List<AuditLog> entries = List.of(
                entry(),
                entry().toBuilder().clientId("subject").subject(null).build(),
                entry().toBuilder().subject("subject\uffee").build(),
                entry().toBuilder().metadata(Map.of()).build(),
                entry().toBuilder().metadata(Map.of("a", Map.of())).build(),
                entry().toBuilder().metadata(Map.of("a", List.of())).build(),
                entry().toBuilder().metadata(Map.of("a", "1")).build(),
                entry().toBuilder().metadata(Map.of("a", 1L)).build(),
                entry().toBuilder().metadata(Map.of("a", 1.0)).build(),
                entry().toBuilder().metadata(Map.of("a", true)).build(),
                entry().toBuilder().metadata(Map.of("a", List.of("1", "2"))).build(),
                entry().toBuilder().metadata(Map.of("a", List.of("12"))).build(),
                entry().toBuilder()
                        .metadata(Map.of("a", List.of(List.of("1"), "2")))
                        .build());
        assertThat(entries.stream()
                        .map(entry ->
                                HexFormat.of().formatHex(AuditEncoding.of(AuditRole.ENTRY, entry, "chain-1", 7L, ""))))
                .doesNotHaveDuplicates();
    }

    @Test
    void rolesAreToldApart() {
        AuditLog closing = AuditSeal.sealed(AuditRole.CLOSING, closed(), "chain", 7, AuditHead.NO_LINK, KEY);
        AuditLog likeOne = AuditSeal.sealed(AuditRole.ENTRY, closed(), "chain", 7, AuditHead.NO_LINK, KEY);
        AuditLog opening = AuditSeal.sealed(AuditRole.OPENING, entry(), "chain", 1, AuditHead.NO_LINK, KEY);
        assertThat(AuditSeal.verdict(closing, KEYS)).isEqualTo(Verdict.CLOSING);
        assertThat(AuditSeal.verdict(likeOne, KEYS)).isEqualTo(Verdict.ENTRY);
        assertThat(AuditSeal.verdict(opening, KEYS)).isEqualTo(Verdict.OPENING);
        assertThat(AuditSeal.verdict(sealed(AuditRole.OPENING), KEYS)).isEqualTo(Verdict.CHANGED);
    }

    private static AuditLog closed() {
        return entry().toBuilder().eventType(AuditEvent.CHAIN_CLOSED.type()).build();
    }

    @Test
    void keyOfAHashIsFoundThoughItsIdHoldsColons() {
        Key odd = Key.of("v1:a:b", counting());
        AuditLog entry = AuditSeal.sealed(AuditRole.ENTRY, entry(), "chain", 2, AuditHead.NO_LINK, odd);
        assertThat(AuditSeal.keyId(entry.hash())).isEqualTo("v1:a:b");
        assertThat(AuditSeal.verdict(entry, KeyRing.of(KEY, odd))).isEqualTo(Verdict.ENTRY);
        assertThat(AuditSeal.verdict(entry, KEYS)).isEqualTo(Verdict.UNKNOWN_KEY);
    }

    @Test
    void anotherSecretByTheSameIdDoesNotVerify() {
        assertThat(AuditSeal.verdict(sealed(AuditRole.ENTRY), KeyRing.of(Key.generate(KEY.id()))))
                .isEqualTo(Verdict.CHANGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v1:", "v1::", "v2:key:1.a:", "v1:key:1.a:", "v1", "v1:key:1.a:5AF8", "forged"})
    void whatIsNoHashIsAChange(String hash) {
        String mac = "5af8f2b08b2a62370f7e5d1809a0ddc3b662c69457341f8127798cb123cafc33";
        AuditLog entry = sealed(AuditRole.ENTRY);
        assertThat(AuditSeal.verdict(entry.toBuilder().hash(hash).build(), KEYS))
                .isEqualTo(Verdict.CHANGED);
        assertThat(AuditSeal.verdict(entry.toBuilder().hash(null).build(), KEYS))
                .isEqualTo(Verdict.CHANGED);
        assertThat(AuditSeal.verdict(entry.toBuilder().hash("v2:key:1.a:" + mac).build(), KEYS))
                .isEqualTo(Verdict.CHANGED);
        assertThat(AuditSeal.verdict(entry.toBuilder().hash("v1::" + mac).build(), KEYS))
                .isEqualTo(Verdict.CHANGED);
    }
}
