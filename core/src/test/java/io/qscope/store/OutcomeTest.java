package io.qscope.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.RefreshToken;
import io.qscope.model.Samples;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each case says its own kind, and only winning kinds win: a unit of work stands or falls with that. */
class OutcomeTest {

    private static final AuthorizationCode CODE = Samples.authorizationCode();
    private static final DeviceCode DEVICE = Samples.deviceCode();
    private static final RefreshToken TOKEN = Samples.refreshToken();

    @Test
    void consume() {
        List<ConsumeOutcome<AuthorizationCode>> all = List.of(
                new ConsumeOutcome.Unknown<>(),
                new ConsumeOutcome.Revoked<>(CODE),
                new ConsumeOutcome.AlreadyConsumed<>(CODE),
                new ConsumeOutcome.Expired<>(CODE),
                new ConsumeOutcome.NotApproved<>(CODE),
                new ConsumeOutcome.Consumed<>(CODE));
        assertThat(all.stream().map(ConsumeOutcome::kind)).containsExactly(ConsumeOutcome.Kind.values());
        assertKindsNamed(ConsumeOutcome.class, all.stream().map(ConsumeOutcome::kind));
        assertWinners(all, ConsumeOutcome.Consumed.class);
    }

    @Test
    void decision() {
        List<DecisionOutcome> all = List.of(
                new DecisionOutcome.Unknown(),
                new DecisionOutcome.Revoked(DEVICE),
                new DecisionOutcome.AlreadyDecided(DEVICE),
                new DecisionOutcome.Expired(DEVICE),
                new DecisionOutcome.Decided(DEVICE));
        assertThat(all.stream().map(DecisionOutcome::kind)).containsExactly(DecisionOutcome.Kind.values());
        assertKindsNamed(DecisionOutcome.class, all.stream().map(DecisionOutcome::kind));
        assertWinners(all, DecisionOutcome.Decided.class);
    }

    @Test
    void poll() {
        List<PollOutcome> all = List.of(
                new PollOutcome.Unknown(),
                new PollOutcome.Revoked(DEVICE),
                new PollOutcome.Expired(DEVICE),
                new PollOutcome.Denied(DEVICE),
                new PollOutcome.AlreadyConsumed(DEVICE),
                new PollOutcome.Approved(DEVICE),
                new PollOutcome.SlowDown(Duration.ofSeconds(10)),
                new PollOutcome.Pending());
        assertThat(all.stream().map(PollOutcome::kind)).containsExactly(PollOutcome.Kind.values());
        assertKindsNamed(PollOutcome.class, all.stream().map(PollOutcome::kind));
        assertWinners(all, PollOutcome.SlowDown.class, PollOutcome.Pending.class);
    }

    @Test
    void revoke() {
        List<RevokeOutcome<RefreshToken>> all = List.of(
                new RevokeOutcome.Unknown<>(),
                new RevokeOutcome.AlreadyRevoked<>(TOKEN),
                new RevokeOutcome.Revoked<>(TOKEN));
        assertThat(all.stream().map(RevokeOutcome::kind)).containsExactly(RevokeOutcome.Kind.values());
        assertKindsNamed(RevokeOutcome.class, all.stream().map(RevokeOutcome::kind));
        assertWinners(all, RevokeOutcome.Revoked.class);
        assertThat(new RevokeCount(0, 0, 0).won()).isTrue();
    }

    @Test
    void throttle() {
        assertThat(new ThrottleCount(Integer.MAX_VALUE, Samples.T0).won()).isTrue();
    }

    @Test
    void rotate() {
        List<RotateOutcome> all = List.of(
                new RotateOutcome.Unknown(),
                new RotateOutcome.Revoked(TOKEN),
                new RotateOutcome.AlreadyRotated(TOKEN),
                new RotateOutcome.Expired(TOKEN),
                new RotateOutcome.Rotated(TOKEN, TOKEN),
                new RotateOutcome.RotatedAgain(TOKEN, TOKEN));
        assertThat(all.stream().map(RotateOutcome::kind)).containsExactly(RotateOutcome.Kind.values());
        assertKindsNamed(RotateOutcome.class, all.stream().map(RotateOutcome::kind));
        assertWinners(all, RotateOutcome.Rotated.class, RotateOutcome.RotatedAgain.class);
    }

    @Test
    void unit() {
        assertThat(new UnitOutcome.Committed(List.of()).committed()).isTrue();
        assertThat(new UnitOutcome.Refused(0, new RotateOutcome.Unknown()).committed())
                .isFalse();
    }

    /** {@code ALREADY_CONSUMED} is said by {@code AlreadyConsumed}, and by every permitted case there is one kind. */
    private static void assertKindsNamed(Class<?> outcome, Stream<? extends Enum<?>> kinds) {
        assertThat(Arrays.stream(outcome.getPermittedSubclasses())
                        .map(each -> each.getSimpleName().toUpperCase(Locale.ROOT)))
                .containsExactlyInAnyOrderElementsOf(
                        kinds.map(kind -> kind.name().replace("_", "")).collect(Collectors.toList()));
    }

    private static void assertWinners(List<? extends Outcome> all, Class<?>... winners) {
        assertThat(all.stream().filter(Outcome::won).map(Object::getClass)).containsExactly(winners);
    }
}
