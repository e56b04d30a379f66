package io.qscope.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import io.qscope.store.CallOutcome;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Outcome;
import io.qscope.store.PollOutcome;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RotateOutcome;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.ThrottleCount;
import io.qscope.store.UnitOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every answer that the contract has is told in a word of its own. */
class OutcomesTest {

    private static final RayId RAY = new RayId("ray");

    @Test
    void everyKindOfOutcomeHasItsWord() {
        Stream<Enum<?>> kinds = Stream.<Enum<?>[]>of(
                        ConsumeOutcome.Kind.values(),
                        DecisionOutcome.Kind.values(),
                        PollOutcome.Kind.values(),
                        RevokeOutcome.Kind.values(),
                        RotateOutcome.Kind.values())
                .flatMap(Arrays::stream);

        assertThat(kinds)
                .allSatisfy(kind ->
                        assertThat(CallOutcome.valueOf(kind.name()).isFailure()).isFalse());
    }

    @Test
    void noOutcomeIsLeftOut() {
        assertThat(Set.of(Outcome.class.getPermittedSubclasses()))
                .containsExactlyInAnyOrder(
                        ConsumeOutcome.class,
                        DecisionOutcome.class,
                        PollOutcome.class,
                        RevokeOutcome.class,
                        RotateOutcome.class,
                        RevokeCount.class,
                        ThrottleCount.class);
    }

    @Test
    void outcomesAreToldByTheirKind() {
        assertThat(Outcomes.ofAnswer(new ConsumeOutcome.Unknown<>())).isEqualTo(CallOutcome.UNKNOWN);
        assertThat(Outcomes.ofAnswer(new PollOutcome.Pending())).isEqualTo(CallOutcome.PENDING);
        assertThat(Outcomes.ofAnswer(new RevokeOutcome.Unknown<>())).isEqualTo(CallOutcome.UNKNOWN);
        assertThat(Outcomes.ofAnswer(new DecisionOutcome.Unknown())).isEqualTo(CallOutcome.UNKNOWN);
        assertThat(Outcomes.ofAnswer(new RotateOutcome.Unknown())).isEqualTo(CallOutcome.UNKNOWN);
        assertThat(Outcomes.ofAnswer(new RevokeCount(1, 0, 0))).isEqualTo(CallOutcome.OK);
        assertThat(Outcomes.ofAnswer(null)).isEqualTo(CallOutcome.OK);
        assertThat(Outcomes.ofAnswer(Optional.empty())).isEqualTo(CallOutcome.OK);
    }

    @Test
    void aUnitIsToldByWhatRefusedIt() {
        assertThat(Outcomes.ofAnswer(new UnitOutcome.Committed(List.of()))).isEqualTo(CallOutcome.OK);
        assertThat(Outcomes.ofAnswer(new UnitOutcome.Refused(0, new ConsumeOutcome.Unknown<>())))
                .isEqualTo(CallOutcome.UNKNOWN);
    }

    @Test
    void everyFailureHasItsWord() {
        assertThat(StorageException.class.getPermittedSubclasses()).allSatisfy(type -> {
            String word = type.getSimpleName()
                    .replaceAll("^Storage|Exception$", "")
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                    .toUpperCase(java.util.Locale.ROOT);
            assertThat(CallOutcome.valueOf(word).isFailure()).isTrue();
        });
        assertThat(Outcomes.ofFailure(new InvalidRowException("problem", RAY))).isEqualTo(CallOutcome.INVALID_ROW);
        assertThat(Outcomes.ofFailure(new StorageCorruptedException("problem", RAY)))
                .isEqualTo(CallOutcome.CORRUPTED);
        assertThat(Outcomes.ofFailure(new UnsupportedOperationException())).isEqualTo(CallOutcome.APPEND_ONLY);
        assertThat(Outcomes.ofFailure(new IllegalStateException())).isEqualTo(CallOutcome.UNFORESEEN);
    }

    @Test
    void whatNobodyKnowsIsNotToldAsRefused() {
        assertThat(Outcomes.ofFailure(new StorageUnavailableException("problem", true, RAY)))
                .isEqualTo(CallOutcome.OUTCOME_UNKNOWN);
        assertThat(Outcomes.ofFailure(new StorageUnavailableException("problem", false, RAY)))
                .isEqualTo(CallOutcome.UNAVAILABLE);
    }
}
