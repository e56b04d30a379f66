package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.key.Sealer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;

/** Values that are written and read. */
@SuppressWarnings("JavaUtilDate")
class ValueCodecTest {

    private static final String PLACE = "authorization 1 attributes";
    private static final PrincipalCodec PRINCIPALS = new JacksonPrincipalCodec();

    private final ValueCodec codec = ValueCodec.plain(PRINCIPALS, null);

    static Stream<Object> scalars() throws Exception {
        return Stream.of(
                "text",
                "",
                "ünï 🙂 \u0000 \ud800 \" \\ </script>",
                true,
                false,
                5,
                Integer.MIN_VALUE,
                5L,
                Long.MAX_VALUE,
                (short) 3,
                (byte) -1,
                1.5,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                -0.0,
                Double.MIN_VALUE,
                1.1f,
                'x',
                '\ud800',
                new BigDecimal("1.50"),
                new BigInteger("123456789012345678901234567890"),
                Instant.parse("2030-01-02T03:04:05.123456789Z"),
                Instant.MIN,
                Instant.MAX,
                Duration.ofNanos(-1),
                Duration.ofSeconds(Long.MAX_VALUE),
                new Date(1_234_567),
                LocalDate.of(2030, 1, 2),
                LocalDateTime.of(2030, 1, 2, 3, 4),
                OffsetDateTime.parse("2030-01-02T03:04:05+02:00"),
                URI.create("urn:a:b?c"),
                URI.create("https://a.example/?x=1,2").toURL(),
                UUID.randomUUID(),
                SignatureAlgorithm.PS512,
                MacAlgorithm.HS384,
                OAuth2TokenFormat.REFERENCE,
                new OAuth2TokenFormat("own"),
                ClientAuthenticationMethod.TLS_CLIENT_AUTH,
                new ClientAuthenticationMethod("own"),
                AuthorizationGrantType.DEVICE_CODE,
                new AuthorizationGrantType("urn:own"));
    }

    @ParameterizedTest
    @MethodSource("scalars")
    void scalarComesBackEqualAndOfItsClass(Object value) {
        assertThat(roundTrip(value)).isEqualTo(value).hasSameClassAs(value);
    }

    @Test
    void everyScalarOfTheListIsTested() throws Exception {
        List<String> tested = scalars().map(value -> value.getClass().getName()).toList();
        for (Scalar<?> scalar : Scalar.all()) {
            if (scalar.type() != byte[].class) {
                assertThat(tested).as(scalar.tag()).contains(scalar.type().getName());
            }
        }
    }

    @Test
    void bytesAndArraysOfStringsComeBack() {
        assertThat(roundTrip(new byte[] {0, 1, -1})).isEqualTo(new byte[] {0, 1, -1});
        assertThat(roundTrip(new String[] {"a", "b,c"})).isEqualTo(new String[] {"a", "b,c"});
    }

    static Stream<Object> collections() {
        Map<Object, @Nullable Object> mixed = new LinkedHashMap<>();
        mixed.put("none", null);
        mixed.put(7, List.of(Map.of("deep", Set.of(1.5))));
        return Stream.of(
                List.of(),
                List.of("a"),
                List.of("a", 1, true),
                Arrays.asList("a", null),
                new ArrayList<>(List.of("b")),
                Collections.unmodifiableList(new ArrayList<>(List.of("c"))),
                Collections.emptyList(),
                Collections.singletonList("d"),
                Collections.nCopies(3, "e"),
                Set.of(),
                Set.of("a"),
                Set.of("a", 1L),
                new TreeSet<>(Set.of("z", "a")),
                Collections.unmodifiableSet(new TreeSet<>(Set.of("z", "a"))),
                Map.of("k", "v").keySet(),
                Map.of(),
                Map.of("a", 1),
                Map.of("a", 1, "b", List.of(2L)),
                new TreeMap<>(Map.of("a", "b")),
                Collections.unmodifiableMap(new HashMap<>(Map.of("a", Instant.EPOCH))),
                mixed,
                // What looks like the codec's own marks is a value like any other.
                List.of("int", "5"),
                List.of("principal", "x", "y"),
                Map.of("@class", "java.lang.Runtime"));
    }

    @ParameterizedTest
    @MethodSource("collections")
    void collectionComesBackEqual(Object value) {
        assertThat(roundTrip(value)).isEqualTo(value);
        assertThat(value).isEqualTo(roundTrip(value));
    }

    @Test
    void orderIsKept() {
        List<String> names = Stream.of("z", "y", "a", "b").toList();
        Map<String, Object> values = new LinkedHashMap<>();
        names.forEach(name -> values.put(name, 1));
        assertThat(codec.decode(codec.encode(values, PLACE), PLACE).keySet()).containsExactlyElementsOf(names);
    }

    @Test
    void textIsAsciiWithoutControlCharacters() {
        String text = codec.encode(Map.of("ä", "\u0000\ud800\n🙂"), PLACE);
        assertThat(text).startsWith("1:").matches("[\\x20-\\x7e]+");
    }

    @Test
    void longTextIsCompressed() {
        String value = "abcdefgh ".repeat(10_000);
        String text = codec.encode(Map.of("a", value), PLACE);
        assertThat(text).startsWith("1z:").hasSizeLessThan(2_000);
        assertThat(codec.decode(text, PLACE)).isEqualTo(Map.of("a", value));
    }

    @Test
    void textThatWouldFillTheMemoryIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(Map.of("big", "x".repeat(4_000_001)), PLACE))
                .withMessageContaining("big");
        DeflatedText.refusedBy(codec);
    }

    static Stream<Object> unsupported() throws Exception {
        return Stream.of(
                new Object(),
                new ArrayDeque<>(),
                Map.of("a", 1).values(),
                TimeUnit.DAYS,
                new Timestamp(1),
                new int[1],
                List.of((Object) new Object[] {"a"}),
                new Thread(),
                List.of(List.of(new Object())),
                String.class,
                new URL(null, "http://a.example/with space"));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void whatCannotBeStoredIsRefusedByTheNameOfItsAttribute(Object value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(Map.of("my.attribute", value), PLACE))
                .withMessageStartingWith("my.attribute ");
    }

    @Test
    void refusalNamesTheClassAndNotTheValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(Map.of("a", List.of(new ThreadGroup("secret"))), PLACE))
                .withMessageContaining("java.lang.ThreadGroup")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"));
    }

    @Test
    void collectionThatHoldsItselfIsRefused() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(Map.of("loop", list), PLACE))
                .withMessageContaining("holds itself");
    }

    @Test
    void foreignAndOtherVersionsAreRefusedWithTheVersionTheyHave() {
        assertUnreadable("2:[\"map\"]", "version 2");
        assertUnreadable("12z:abc", "version 12");
        assertUnreadable("{\"@class\":\"java.util.HashMap\"}", "no version");
        assertUnreadable("rO0ABXNyABFqYXZh", "no version");
        assertUnreadable("", "no version");
    }

    @Test
    void damageIsFoundAndNotQuoted() {
        for (String json : List.of(
                "",
                "secret",
                "[",
                "{}",
                "5",
                "[]",
                "[5]",
                "[\"map\",\"secret\"]",
                "[\"map\",5,5]",
                "[\"list\"]",
                "[\"map\",\"a\",{}]",
                "[\"map\",\"a\",7]",
                "[\"map\",\"a\",[\"secret\",\"x\"]]",
                "[\"map\",\"a\",[\"int\",\"secret\"]]",
                "[\"map\",\"a\",[\"int\"]]",
                "[\"map\",\"a\",[\"int\",\"1\",\"2\"]]",
                "[\"map\",\"a\",[\"strings\",[\"int\",\"1\"]]]",
                "[\"map\",\"a\",[\"authorization-request\",[\"map\"]]]",
                "[\"map\",\"a\",[\"signature-algorithm\",\"secret\"]]",
                "[\"map\",[\"int\",\"1\"],\"x\"]",
                "[\"map\",\"a\",[\"principal\",\"" + PRINCIPALS.name() + "\",\"secret\"]]")) {
            assertUnreadable("1:" + json, "damaged", "cannot be read", "kind of value");
        }
        assertUnreadable("1z:", "damaged");
        assertUnreadable("1z:!", "damaged");
        String whole = codec.encode(Map.of("a", "abc".repeat(1_000)), PLACE);
        assertUnreadable(whole.substring(0, whole.length() - 8), "damaged");
    }

    @Test
    void noClassThatTheTextNamesIsLoaded() {
        String principal = "{\\\"@class\\\":\\\"" + Trap.class.getName().replace("$", "\\u0024") + "\\\"}";
        assertUnreadable(
                "1:[\"map\",\"a\",[\"principal\",\"" + PRINCIPALS.name() + "\",\"" + principal + "\"]]",
                "cannot be read");
        assertThat(TrapSprung.SPRUNG).isFalse();
    }

    @Test
    void sealedValuesOpenWhereTheyBelong() {
        KeyRing ring = KeyRing.of(Key.generate("k1"));
        ValueCodec sealing = ValueCodec.sealing(PRINCIPALS, new Sealer(() -> ring));
        String sealed = sealing.encode(Map.of("claim", "secret"), PLACE);
        assertThat(sealed).startsWith("v1.k1.").doesNotContain("secret").doesNotContain("claim");
        assertThat(sealing.decode(sealed, PLACE)).isEqualTo(Map.of("claim", "secret"));
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> sealing.decode(sealed, "elsewhere"))
                .withMessageContaining("moved");
        assertUnreadable(sealed, "k1");
    }

    @Test
    void sealingMayBeTurnedOnAndOff() {
        KeyRing ring = KeyRing.of(Key.generate("k1"));
        Sealer sealer = new Sealer(() -> ring);
        ValueCodec off = ValueCodec.plain(PRINCIPALS, sealer);
        ValueCodec on = ValueCodec.sealing(PRINCIPALS, sealer);
        assertThat(on.decode(off.encode(Map.of("a", 1), PLACE), PLACE)).isEqualTo(Map.of("a", 1));
        assertThat(off.decode(on.encode(Map.of("a", 1), PLACE), PLACE)).isEqualTo(Map.of("a", 1));
    }

    /** Fixed for ever: what an earlier release wrote is read. */
    @Test
    void formStaysWhatItIs() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("a", 5);
        values.put("b", List.of("x", true, Instant.EPOCH));
        values.put("c", Map.of("k", new String[] {"s"}));
        values.put("d", Set.of(Duration.ofMinutes(5)));
        assertThat(codec.encode(values, PLACE))
                .isEqualTo(
                        "1:[\"map\",\"a\",[\"int\",\"5\"],\"b\",[\"list\",\"x\",true,[\"instant\",\"1970-01-01T00:00:00Z\"]],"
                                + "\"c\",[\"map\",\"k\",[\"strings\",\"s\"]],\"d\",[\"set\",[\"duration\",\"PT5M\"]]]");
        String compressed = "1z:"
                + Base64.getEncoder().withoutPadding().encodeToString(DeflatedText.deflated("[\"map\",\"a\",null]"));
        assertThat(codec.decode(compressed, PLACE)).containsEntry("a", null);
    }

    private void assertUnreadable(String text, String... reasons) {
        assertThatExceptionOfType(UnreadableValueException.class)
                .as(text)
                .isThrownBy(() -> codec.decode(text, PLACE))
                .satisfies(e -> assertThat(reasons).anyMatch(String.valueOf(e.getMessage())::contains))
                .satisfies(e -> assertThat(e).hasNoCause())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    private @Nullable Object roundTrip(Object value) {
        return codec.decode(codec.encode(Map.of("a", value), PLACE), PLACE).get("a");
    }

    /** Whether the class below was instantiated. */
    static final class TrapSprung {
        static final AtomicBoolean SPRUNG = new AtomicBoolean();
    }

    /** A class that is on nobody's list. */
    public static final class Trap {
        public Trap() {
            TrapSprung.SPRUNG.set(true);
        }
    }
}
