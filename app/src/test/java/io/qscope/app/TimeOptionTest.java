package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class TimeOptionTest {

    private final TimeOption option = new TimeOption();

    @ParameterizedTest
    @CsvSource({"90s, PT90S", "15m, PT15M", "6h, PT6H", "30d, P30D", "0s, PT0S"})
    void isHowLongAgo(String text, Duration ago) {
        assertThat(Duration.between(option.convert(text).plus(ago), Instant.now()))
                .isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(60));
    }

    @Test
    void isAMoment() {
        assertThat(option.convert("2026-11-24T12:00:00Z")).isEqualTo(Instant.parse("2026-11-24T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "1w", "-1h", "2026-11-24", "99999999999d"})
    void isNothingElse(String text) {
        assertThatThrownBy(() -> option.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("expected 2026-11-24T12:00:00Z");
    }
}
