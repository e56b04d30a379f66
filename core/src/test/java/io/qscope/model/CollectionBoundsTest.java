package io.qscope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scopes, lists, JSON objects, durations and counts. */
class CollectionBoundsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "quo\"te", "back\\slash", "ümlaut", "tab\t"})
    void scopesAreAsRfc6749Spells(String scope) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Samples.accessToken().toBuilder().scopes(Set.of(scope)).build())
                .withMessageStartingWith("scopes ");
    }

    @Test
    void collectionsKeepTheirOrderAndCannotBeChanged() {
        Set<String> scopes = new LinkedHashSet<>(List.of("z", "a", "m"));
        AccessToken token = Samples.accessToken().toBuilder().scopes(scopes).build();
        scopes.add("later");
        assertThat(token.scopes()).containsExactly("z", "a", "m");
        assertThatThrownBy(() -> token.scopes().add("x")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> token.metadata().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void collectionsHaveALargestSize() {
        Set<String> most =
                IntStream.range(0, Limits.ELEMENTS).mapToObj(i -> "s" + i).collect(Collectors.toSet());
        assertThatCode(() -> Samples.authorization().toBuilder().scopes(most).build())
                .doesNotThrowAnyException();
        Set<String> tooMany = new LinkedHashSet<>(most);
        tooMany.add("one-more");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Samples.authorization().toBuilder().scopes(tooMany).build())
                .withMessage("scopes must have at most 200 elements, has 201");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.client().toBuilder()
                        .redirectUris(List.of("https://x/" + "y".repeat(Limits.URI)))
                        .build())
                .withMessageStartingWith("redirectUris must have at most 2000 characters")
                .withMessageNotContaining("yyy");
    }

    @Test
    void jsonIsCopiedDeeplyInOneNumberForm() {
        List<Object> inner = new ArrayList<>(List.of(1, (short) 2, (byte) 3, 4L, 1.5f, 2.5d, true, "text"));
        AccessToken token = Samples.accessToken().toBuilder()
                .metadata(Map.of("list", inner))
                .build();
        inner.clear();
        assertThat(token.metadata()).isEqualTo(Map.of("list", List.of(1L, 2L, 3L, 4L, 1.5d, 2.5d, true, "text")));
    }

    @Test
    void jsonHoldsNothingElse() {
        Map<String, @Nullable Object> withNull = new HashMap<>();
        withNull.put("secret-key", null);
        assertJsonRefused(withNull);
        assertJsonRefused(Map.of("k", Double.NaN));
        assertJsonRefused(Map.of("k", new BigDecimal("1")));
        assertJsonRefused(Map.of("k", new int[] {1}));
        assertJsonRefused(Map.of("k", Map.of(1, "number as key")));
        assertJsonRefused(Map.of("k", "secret\0"));
        assertJsonRefused(Map.of("k", "secret\ud83d"));
        assertJsonRefused(Map.of("\ud83dsecret", "v"));
        assertJsonRefused(Map.of("k", Collections.singletonList(null)));
    }

    @Test
    void jsonHasALargestSizeAndDepth() {
        assertThatCode(() -> metadata(Map.of("k", "x".repeat(Limits.METADATA - 2))))
                .doesNotThrowAnyException();
        assertJsonRefused(Map.of("k", "x".repeat(Limits.METADATA - 1)));
        assertJsonRefused(Map.of("k", Collections.nCopies(Limits.METADATA, 1)));
        assertThatCode(() -> metadata(nested(Limits.METADATA_DEPTH))).doesNotThrowAnyException();
        assertJsonRefused(nested(Limits.METADATA_DEPTH + 1));
    }

    @Test
    void durationsAreWholeSeconds() {
        for (Duration wrong : List.of(
                Duration.ZERO,
                Duration.ofSeconds(-1),
                Duration.ofMillis(1_500),
                Duration.ofSeconds(Integer.MAX_VALUE + 1L))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> ClientConfig.builder().accessTokenTtl(wrong).build())
                    .withMessage("accessTokenTtl must be whole seconds, from 1 to 2147483647");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            Samples.deviceCode().toBuilder().interval(wrong).build())
                    .withMessageStartingWith("interval ");
        }
    }

    @Test
    void countsHaveALeastValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ClientConfig.builder().maxActiveAccessTokens(0).build())
                .withMessage("maxActiveAccessTokens must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Samples.refreshToken().toBuilder().graceUses(-1).build())
                .withMessage("graceUses must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.client().toBuilder().version(-1).build())
                .withMessage("version must not be negative");
    }

    @Test
    void defaultsAreTheSafeOnes() {
        ClientConfig config = ClientConfig.defaults();
        assertThat(config.requirePkce()).isTrue();
        assertThat(config.pkceMethods()).containsExactly("S256");
        assertThat(config.authorizationCodeTtl()).isEqualTo(Duration.ofSeconds(60));
    }

    private static AccessToken metadata(Map<String, Object> metadata) {
        return Samples.accessToken().toBuilder().metadata(metadata).build();
    }

    @SuppressWarnings("NullAway") // the wrong values that a caller without a nullness check may pass
    private static void assertJsonRefused(Map<String, ?> wrong) {
        @SuppressWarnings("unchecked")
        Map<String, Object> metadata = (Map<String, Object>) wrong;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metadata(metadata))
                .withMessageStartingWith("metadata ")
                .withMessageNotContaining("secret")
                .withMessageNotContaining("xxx");
    }

    private static Map<String, Object> nested(int depth) {
        Map<String, Object> map = Map.of("deepest", true);
        for (int i = 1; i < depth; i++) {
            map = Map.of("k", map);
        }
        return map;
    }
}
