package io.qscope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-Z_a.z:0-9", "0123456789012345678901234567890123456789012345678901234567890123"})
    void rayIdTakesItsForm(String value) {
        assertThat(new RayId(value)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "two words",
                "new\nline",
                "trailing\n",
                "ümlaut",
                "\ud83d",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void rayIdOfAnotherFormIsRefusedWithoutRepeatingIt(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RayId(value))
                .withMessage("rayId must be 1 to 64 of A-Z a-z 0-9 . _ : -");
    }

    @Test
    @SuppressWarnings("NullAway")
    void rayIdIsNeverNull() {
        assertThatNullPointerException().isThrownBy(() -> new RayId(null)).withMessage("rayId");
    }

    @Test
    void randomRayIdCanBeATraceId() {
        assertThat(Stream.generate(RayId::random).limit(100).map(RayId::value))
                .allMatch(value -> value.matches("[0-9a-f]{32}"))
                .doesNotHaveDuplicates();
    }

    @Test
    void rowIdsAreOrderedByTime() {
        String first = RowIds.next();
        String second = RowIds.next();
        assertThat(UUID.fromString(first).version()).isEqualTo(7);
        assertThat(first).isLessThan(second);
    }
}
