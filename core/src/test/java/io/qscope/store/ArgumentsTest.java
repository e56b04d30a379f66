package io.qscope.store;

import static io.qscope.model.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.model.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls are told beside rows: attempts, graces, pages. */
class ArgumentsTest {

    static Stream<String> noNames() {
        return Stream.of("", " ", "secret\n", "secret\0", "secret\ud83d", "\ude00secret", "secret".repeat(43));
    }

    @ParameterizedTest
    @MethodSource("noNames")
    void attemptChecksItsTexts(String wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attempt(wrong, T0, "test"))
                .withMessageStartingWith("attempt id ")
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attempt("id", T0, wrong))
                .withMessageStartingWith("attempt by ")
                .withMessageNotContaining("secret");
    }

    @Test
    void attemptTakesTheLongestTexts() {
        Attempt attempt = new Attempt("i".repeat(Limits.ID), T0, "b".repeat(Limits.NAME));
        assertThat(attempt.id()).hasSize(Limits.ID);
        assertThat(attempt.by()).hasSize(Limits.NAME);
    }

    @Test
    void attemptIsMadeAtAMillisecondThatARowCanHold() {
        assertThat(Attempt.of(T0.plusNanos(999_999), "test").at()).isEqualTo(T0);
        for (Instant beyond : List.of(Limits.EARLIEST.minusMillis(1), Limits.LATEST.plusMillis(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attempt.of(beyond, "test"))
                    .withMessageStartingWith("attempt at ");
        }
    }

    @Test
    void everyAttemptHasAnIdOfItsOwn() {
        assertThat(Attempt.of(T0, "test")).isNotEqualTo(Attempt.of(T0, "test"));
    }

    @Test
    void graceHasBounds() {
        assertThat(Grace.NONE).isEqualTo(new Grace(Duration.ZERO, 0));
        assertThat(new Grace(Duration.ofDays(1), 100).maxUses()).isEqualTo(100);
        assertThatIllegalArgumentException().isThrownBy(() -> new Grace(Duration.ofMillis(-1), 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Grace(Duration.ofDays(1).plusNanos(1), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Grace(Duration.ZERO, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Grace(Duration.ZERO, 101));
    }

    @Test
    void pageHasBounds() {
        assertThat(Page.first(Page.MOST).after()).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> Page.first(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Page.first(Page.MOST + 1));
    }

    @Test
    void sliceLeadsToTheNextPage() {
        assertThat(new Slice<>(List.of("a"), null).nextPage(5)).isEmpty();
        assertThat(new Slice<>(List.of("a"), "cursor").nextPage(5)).isEqualTo(Optional.of(new Page("cursor", 5)));
    }

    @Test
    void guaranteesSayWhatIsMissingAndWhy() {
        Guarantees some = Guarantees.all().without(Guarantee.DURABLE_BEYOND_NODE, "one machine");
        assertThat(some.keeps(Guarantee.UNIT_OF_WORK)).isTrue();
        assertThat(some.keeps(Guarantee.DURABLE_BEYOND_NODE)).isFalse();
        assertThat(some.reasonAgainst(Guarantee.DURABLE_BEYOND_NODE)).contains("one machine");
        assertThat(Guarantees.all().reasonAgainst(Guarantee.DURABLE_BEYOND_NODE))
                .isEmpty();
        assertThat(Guarantees.all()).hasToString("all guarantees");
        assertThat(some.toString()).contains("DURABLE_BEYOND_NODE", "one machine");
    }
}
