package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.store.Attempt;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.PollOutcome;
import io.qscope.store.PollOutcome.AlreadyConsumed;
import io.qscope.store.PollOutcome.Approved;
import io.qscope.store.PollOutcome.Denied;
import io.qscope.store.PollOutcome.Expired;
import io.qscope.store.PollOutcome.Pending;
import io.qscope.store.PollOutcome.Revoked;
import io.qscope.store.PollOutcome.SlowDown;
import io.qscope.store.PollOutcome.Unknown;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a polling device is told (RFC 8628 §3.5). */
abstract class PollContract extends ContractGroup {

    PollContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void theFirstPollIsPendingAndCounted() {
        DeviceCode code = rows().storedDeviceCode();
        Attempt attempt = attempt(NOW.plusMillis(7));

        PollOutcome outcome = poll(code, attempt);

        assertThat(outcome).isEqualTo(new Pending());
        assertThat(outcome.won()).isTrue();
        assertThat(row(codes(), code.id()))
                .isEqualTo(code.toBuilder()
                        .version(2)
                        .lastPolledAt(attempt.at())
                        .updatedAt(attempt.at())
                        .updatedBy(attempt.by())
                        .build());
    }

    @Test
    void aPollTooSoonIsSlowedDownByFiveSecondsForGood() {
        DeviceCode code = rows().storedDeviceCode();
        poll(code, attempt(NOW));
        Attempt tooSoon = attempt(NOW.plusMillis(4_999));

        assertThat(poll(code, tooSoon)).isEqualTo(new SlowDown(Duration.ofSeconds(10)));

        DeviceCode stored = row(codes(), code.id());
        assertThat(stored.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(stored.lastPolledAt()).isEqualTo(tooSoon.at());
        assertThat(stored.version()).isEqualTo(3);
        assertThat(stored.state()).isEqualTo(DeviceCodeState.PENDING);
    }

    @Test
    void aPollAfterTheIntervalIsPendingToTheMillisecond() {
        DeviceCode code = rows().storedDeviceCode();
        poll(code, attempt(NOW));

        assertThat(poll(code, attempt(NOW.plusMillis(5_000)))).isEqualTo(new Pending());
        assertThat(row(codes(), code.id()).interval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theLongerIntervalCountsFromThePollThatWasTooSoon() {
        DeviceCode code = rows().storedDeviceCode();
        poll(code, attempt(NOW));
        poll(code, attempt(NOW.plusMillis(1)));

        assertThat(poll(code, attempt(NOW.plusMillis(10_000)))).isEqualTo(new SlowDown(Duration.ofSeconds(15)));
        assertThat(poll(code, attempt(NOW.plusMillis(25_000)))).isEqualTo(new Pending());
    }

    @Test
    void aPollOfAnEarlierMomentIsTooSoon() {
        DeviceCode code = rows().storedDeviceCode();
        poll(code, attempt(NOW));

        assertThat(poll(code, attempt(NOW.minusSeconds(60)))).isEqualTo(new SlowDown(Duration.ofSeconds(10)));
    }

    @Test
    void anUnknownCodeIsUnknown() {
        PollOutcome outcome = await(codes().poll(rows().digest(), attempt(NOW), ray()));

        assertThat(outcome).isEqualTo(new Unknown());
        assertThat(outcome.won()).isFalse();
    }

    @Test
    void anApprovedCodeIsReportedAndNotConsumedHoweverOften() {
        DeviceCode code = inState(DeviceCodeState.APPROVED);

        assertThat(poll(code, attempt(NOW))).isEqualTo(new Approved(code));
        assertThat(poll(code, attempt(NOW))).isEqualTo(new Approved(code));
        assertThat(row(codes(), code.id())).isEqualTo(code);
    }

    @Test
    void aDeniedOrConsumedCodeIsReportedAsSuch() {
        DeviceCode denied = inState(DeviceCodeState.DENIED);
        DeviceCode consumed = inState(DeviceCodeState.CONSUMED);

        assertThat(poll(denied, attempt(NOW))).isEqualTo(new Denied(denied));
        assertThat(poll(consumed, attempt(NOW))).isEqualTo(new AlreadyConsumed(consumed));
        assertThat(row(codes(), denied.id())).isEqualTo(denied);
        assertThat(row(codes(), consumed.id())).isEqualTo(consumed);
    }

    @Test
    void expiryIsJudgedBeforeTheState() {
        for (DeviceCodeState state : DeviceCodeState.values()) {
            DeviceCode code = inState(state);

            assertThat(poll(code, attempt(EXPIRY))).isEqualTo(new Expired(code));
            assertThat(row(codes(), code.id())).isEqualTo(code);
        }
        assertThat(poll(rows().storedDeviceCode(), attempt(EXPIRY.minusMillis(1))))
                .isEqualTo(new Pending());
    }

    @Test
    void aRevokedFamilyIsJudgedBeforeAnythingElse() {
        for (DeviceCodeState state : DeviceCodeState.values()) {
            DeviceCode code = inState(state);
            await(storage().authorizations().revoke(code.authorizationId(), attempt(NOW), ray()));

            DeviceCode dead = row(codes(), code.id());
            assertThat(poll(code, attempt(EXPIRY))).isEqualTo(new Revoked(dead));
            assertThat(row(codes(), code.id())).isEqualTo(dead);
        }
    }

    @Test
    void repeatingTheLastPollIsAnsweredAgainAndCountsOnce() {
        DeviceCode code = rows().storedDeviceCode();
        Attempt first = attempt(NOW);
        Attempt second = attempt(NOW.plusMillis(1));

        assertThat(poll(code, first)).isEqualTo(new Pending());
        assertThat(poll(code, first)).isEqualTo(new Pending());
        assertThat(row(codes(), code.id()).version()).isEqualTo(2);
        assertThat(poll(code, second)).isEqualTo(new SlowDown(Duration.ofSeconds(10)));
        assertThat(poll(code, second)).isEqualTo(new SlowDown(Duration.ofSeconds(10)));
        assertThat(row(codes(), code.id()).version()).isEqualTo(3);
    }

    @Test
    void theLastPollsRepeatIsRecognisedAfterApprovalAndExpiry() {
        DeviceCode code = rows().storedDeviceCode();
        Attempt attempt = attempt(NOW);
        poll(code, attempt);
        await(codes().approve(code.userCode(), "the user", attempt(NOW), ray()));

        assertThat(poll(code, new Attempt(attempt.id(), EXPIRY, "tck"))).isEqualTo(new Pending());
        assertThat(row(codes(), code.id()).state()).isEqualTo(DeviceCodeState.APPROVED);
    }

    @Test
    void anUpdateDoesNotForgetTheLastPoll() {
        DeviceCode code = rows().storedDeviceCode();
        Attempt attempt = attempt(NOW);
        poll(code, attempt);
        await(codes().update(
                        row(codes(), code.id()).toBuilder()
                                .updatedBy("somebody")
                                .build(),
                        ray()));

        assertThat(poll(code, attempt)).isEqualTo(new Pending());
        assertThat(row(codes(), code.id()).version()).isEqualTo(3);
    }

    @Test
    void anEarlierPollsAttemptIsJudgedAfresh() {
        DeviceCode code = rows().storedDeviceCode();
        Attempt first = attempt(NOW);
        poll(code, first);
        poll(code, attempt(NOW.plusSeconds(5)));

        assertThat(poll(code, first)).isEqualTo(new SlowDown(Duration.ofSeconds(10)));
    }

    private DeviceCodeTable codes() {
        return storage().deviceCodes();
    }

    private PollOutcome poll(DeviceCode code, Attempt attempt) {
        return await(codes().poll(code.deviceCode(), attempt, ray()));
    }

    private DeviceCode inState(DeviceCodeState state) {
        return rows().stored(rows().deviceCode(rows().storedAuthorization()).toBuilder()
                .state(state)
                .build());
    }
}
