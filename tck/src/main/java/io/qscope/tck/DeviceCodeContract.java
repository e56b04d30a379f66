package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Authorization;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.Limits;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.DecisionOutcome.AlreadyDecided;
import io.qscope.store.DecisionOutcome.Decided;
import io.qscope.store.DecisionOutcome.Expired;
import io.qscope.store.DecisionOutcome.Revoked;
import io.qscope.store.DecisionOutcome.Unknown;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.InvalidRowException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What device codes promise, but for polling. */
abstract class DeviceCodeContract extends ContractGroup {

    DeviceCodeContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aDeviceCodeIsReadByEitherDigest() {
        DeviceCode code = rows().storedDeviceCode();

        assertThat(await(codes().getByDeviceCode(code.deviceCode(), ray()))).contains(code);
        assertThat(await(codes().getByUserCode(code.userCode(), ray()))).contains(code);
        assertThat(await(codes().getByUserCode(TokenDigest.of(code.userCode().bytes(), "a-key"), ray())))
                .contains(code);
        assertThat(await(codes().getByDeviceCode(code.userCode(), ray()))).isEmpty();
        assertThat(await(codes().getByUserCode(code.deviceCode(), ray()))).isEmpty();
    }

    @Test
    void approvingSetsTheUserOnTheRowAndOnItsRoot() {
        DeviceCode code = rows().storedDeviceCode();
        Authorization root = row(storage().authorizations(), code.authorizationId());
        Attempt attempt = attempt(NOW.plusMillis(7));

        DecisionOutcome outcome = approve(code, "the user", attempt);

        DeviceCode approved = decided(code, DeviceCodeState.APPROVED, attempt).toBuilder()
                .userId("the user")
                .build();
        assertThat(outcome).isEqualTo(new Decided(approved));
        assertThat(outcome.won()).isTrue();
        assertThat(row(codes(), code.id())).isEqualTo(approved);
        assertThat(row(storage().authorizations(), root.id()))
                .isEqualTo(root.toBuilder()
                        .version(2)
                        .userId("the user")
                        .updatedAt(attempt.at())
                        .updatedBy(attempt.by())
                        .build());
    }

    @Test
    void denyingMarksTheRowAndSetsNoUser() {
        DeviceCode code = rows().storedDeviceCode();
        Authorization root = row(storage().authorizations(), code.authorizationId());
        Attempt attempt = attempt(NOW.plusMillis(7));

        assertThat(deny(code, attempt)).isEqualTo(new Decided(decided(code, DeviceCodeState.DENIED, attempt)));
        assertThat(row(codes(), code.id())).isEqualTo(decided(code, DeviceCodeState.DENIED, attempt));
        assertThat(row(storage().authorizations(), root.id())).isEqualTo(root);
    }

    @Test
    void aSecondDecisionChangesNothing() {
        DeviceCode approved = rows().storedDeviceCode();
        DeviceCode denied = rows().storedDeviceCode();
        approve(approved, "the user", attempt(NOW));
        deny(denied, attempt(NOW));

        for (DeviceCode code : List.of(approved, denied)) {
            DeviceCode stored = row(codes(), code.id());
            Authorization root = row(storage().authorizations(), code.authorizationId());
            assertThat(approve(code, "somebody else", attempt(NOW))).isEqualTo(new AlreadyDecided(stored));
            assertThat(deny(code, attempt(NOW))).isEqualTo(new AlreadyDecided(stored));
            assertThat(row(codes(), code.id())).isEqualTo(stored);
            assertThat(row(storage().authorizations(), code.authorizationId())).isEqualTo(root);
        }
    }

    @Test
    void aDecisionOnAConsumedCodeNamesTheState() {
        DeviceCode code = inState(DeviceCodeState.CONSUMED);

        assertThat(approve(code, "the user", attempt(EXPIRY))).isEqualTo(new AlreadyDecided(code));
        assertThat(deny(code, attempt(EXPIRY))).isEqualTo(new AlreadyDecided(code));
    }

    @Test
    void anUnknownUserCodeIsUnknown() {
        DeviceCode code = rows().deviceCode(rows().authorization(rows().client()));

        assertThat(approve(code, "the user", attempt(NOW))).isEqualTo(new Unknown());
        assertThat(deny(code, attempt(NOW))).isEqualTo(new Unknown());
    }

    @Test
    void aDecisionIsTooLateAtTheExpiryAndInTimeTheMillisecondBefore() {
        DeviceCode late = rows().storedDeviceCode();
        DeviceCode inTime = rows().storedDeviceCode();

        assertThat(approve(late, "the user", attempt(EXPIRY))).isEqualTo(new Expired(late));
        assertThat(deny(late, attempt(EXPIRY))).isEqualTo(new Expired(late));
        assertThat(row(codes(), late.id())).isEqualTo(late);
        assertThat(approve(inTime, "the user", attempt(EXPIRY.minusMillis(1)))).isInstanceOf(Decided.class);
    }

    @Test
    void aDecisionInARevokedFamilyIsRevokedBeforeAnythingElse() {
        DeviceCode pending = rows().storedDeviceCode();
        DeviceCode denied = inState(DeviceCodeState.DENIED);
        for (DeviceCode code : List.of(pending, denied)) {
            await(storage().authorizations().revoke(code.authorizationId(), attempt(NOW), ray()));

            DeviceCode dead = row(codes(), code.id());
            assertThat(dead.authorizationRevokedAt()).isEqualTo(NOW);
            assertThat(approve(code, "the user", attempt(EXPIRY))).isEqualTo(new Revoked(dead));
            assertThat(deny(code, attempt(EXPIRY))).isEqualTo(new Revoked(dead));
            assertThat(row(codes(), code.id())).isEqualTo(dead);
        }
    }

    @Test
    void repeatingADecisionIsAnsweredAgainAndWritesNothing() {
        DeviceCode approved = rows().storedDeviceCode();
        DeviceCode denied = rows().storedDeviceCode();
        Attempt yes = attempt(NOW);
        Attempt no = attempt(NOW);
        DecisionOutcome first = approve(approved, "the user", yes);
        DecisionOutcome second = deny(denied, no);
        Authorization root = row(storage().authorizations(), approved.authorizationId());

        assertThat(approve(approved, "the user", yes)).isEqualTo(first);
        assertThat(deny(denied, no)).isEqualTo(second);
        assertThat(row(codes(), approved.id()).version()).isEqualTo(2);
        assertThat(row(storage().authorizations(), approved.authorizationId())).isEqualTo(root);
    }

    @Test
    void aDecisionsRepeatIsRecognisedAfterConsumptionExpiryAndRevocation() {
        DeviceCode code = rows().storedDeviceCode();
        Attempt attempt = attempt(NOW);
        approve(code, "the user", attempt);
        consume(code, attempt(NOW));
        await(storage().authorizations().revoke(code.authorizationId(), attempt(NOW), ray()));

        assertThat(approve(code, "the user", new Attempt(attempt.id(), EXPIRY, "tck")))
                .isEqualTo(new Decided(row(codes(), code.id())));
    }

    @Test
    void aBlankOrLongUserIsRefusedAndNothingIsDecided() {
        DeviceCode code = rows().storedDeviceCode();

        for (String user : List.of("", " ", "x".repeat(Limits.NAME + 1), "a\u0000b")) {
            failure(InvalidRowException.class, ray -> codes().approve(code.userCode(), user, attempt(NOW), ray));
        }
        assertThat(row(codes(), code.id())).isEqualTo(code);
    }

    @Test
    void anApprovedCodeIsConsumedOnce() {
        DeviceCode code = inState(DeviceCodeState.APPROVED);
        Attempt attempt = attempt(NOW.plusMillis(7));

        ConsumeOutcome<DeviceCode> outcome = consume(code, attempt);

        DeviceCode consumed = decided(code, DeviceCodeState.CONSUMED, attempt);
        assertThat(outcome).isEqualTo(new ConsumeOutcome.Consumed<>(consumed));
        assertThat(consume(code, attempt(NOW))).isEqualTo(new ConsumeOutcome.AlreadyConsumed<>(consumed));
        assertThat(consume(code, attempt(EXPIRY))).isEqualTo(new ConsumeOutcome.AlreadyConsumed<>(consumed));
        assertThat(row(codes(), code.id())).isEqualTo(consumed);
    }

    @Test
    void aPendingOrDeniedCodeIsNotApproved() {
        for (DeviceCodeState state : List.of(DeviceCodeState.PENDING, DeviceCodeState.DENIED)) {
            DeviceCode code = inState(state);

            assertThat(consume(code, attempt(NOW))).isEqualTo(new ConsumeOutcome.NotApproved<>(code));
            assertThat(row(codes(), code.id())).isEqualTo(code);
        }
    }

    @Test
    void expiryIsJudgedBeforeApproval() {
        for (DeviceCodeState state :
                List.of(DeviceCodeState.PENDING, DeviceCodeState.DENIED, DeviceCodeState.APPROVED)) {
            DeviceCode code = inState(state);

            assertThat(consume(code, attempt(EXPIRY))).isEqualTo(new ConsumeOutcome.Expired<>(code));
        }
        assertThat(consume(inState(DeviceCodeState.APPROVED), attempt(EXPIRY.minusMillis(1))))
                .isInstanceOf(ConsumeOutcome.Consumed.class);
    }

    @Test
    void anUnknownDeviceCodeIsUnknown() {
        assertThat(await(codes().consume(rows().digest(), attempt(NOW), ray())))
                .isEqualTo(new ConsumeOutcome.Unknown<>());
    }

    @Test
    void aDeviceCodeOfARevokedFamilyIsRevokedBeforeAnythingElse() {
        for (DeviceCodeState state : DeviceCodeState.values()) {
            DeviceCode code = inState(state);
            await(storage().authorizations().revoke(code.authorizationId(), attempt(NOW), ray()));

            assertThat(consume(code, attempt(EXPIRY))).isEqualTo(new ConsumeOutcome.Revoked<>(row(codes(), code.id())));
        }
    }

    @Test
    void repeatingTheWinningConsumptionWinsAgainAlsoLater() {
        DeviceCode code = inState(DeviceCodeState.APPROVED);
        Attempt attempt = attempt(NOW);
        ConsumeOutcome<DeviceCode> first = consume(code, attempt);
        assertThat(consume(code, attempt)).isEqualTo(first);
        await(storage().authorizations().revoke(code.authorizationId(), attempt(NOW), ray()));

        assertThat(consume(code, new Attempt(attempt.id(), EXPIRY, "tck")))
                .isEqualTo(new ConsumeOutcome.Consumed<>(row(codes(), code.id())));
        assertThat(row(codes(), code.id()).version()).isEqualTo(2);
    }

    private DeviceCodeTable codes() {
        return storage().deviceCodes();
    }

    /** A code imported in that state, so that no test of one transition needs another. */
    private DeviceCode inState(DeviceCodeState state) {
        return rows().stored(rows().deviceCode(rows().storedAuthorization()).toBuilder()
                .state(state)
                .build());
    }

    private DecisionOutcome approve(DeviceCode code, String user, Attempt attempt) {
        return await(codes().approve(code.userCode(), user, attempt, ray()));
    }

    private DecisionOutcome deny(DeviceCode code, Attempt attempt) {
        return await(codes().deny(code.userCode(), attempt, ray()));
    }

    private ConsumeOutcome<DeviceCode> consume(DeviceCode code, Attempt attempt) {
        return await(codes().consume(code.deviceCode(), attempt, ray()));
    }

    private static DeviceCode decided(DeviceCode code, DeviceCodeState state, Attempt by) {
        return code.toBuilder()
                .version(code.version() + 1)
                .state(state)
                .updatedAt(by.at())
                .updatedBy(by.by())
                .build();
    }
}
