package io.qscope.app.demo;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.DeviceCode;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome.AlreadyDecided;
import io.qscope.store.DecisionOutcome.Decided;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.PollOutcome;
import io.qscope.store.PollOutcome.Approved;
import io.qscope.store.PollOutcome.Pending;
import io.qscope.store.PollOutcome.SlowDown;
import io.qscope.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The life of a device code (RFC 8628): the device polls, its user approves, the device redeems. */
final class DeviceSteps {

    private final Stage stage;
    private final Storage storage;
    private final Issuer issuer;
    private final Secret deviceCode = Secret.random();
    private final UserCode userCode;
    private final Instant start;
    private final Authorization root;

    DeviceSteps(Stage stage) {
        this.stage = stage;
        storage = stage.storage();
        issuer = stage.issuer();
        userCode = UserCode.random("demo-" + stage.run());
        start = issuer.now();
        root = issuer.authorization(stage.client(), null, start);
    }

    void approve(StepReport report) {
        report.tell(
                "A television shows a user code and polls. Tables never read a clock, the caller says what time it is;",
                "so the demo need not wait for the seconds that pass here.");
        DeviceCode row = issuer.deviceCode(root, deviceCode, userCode, start);
        report.await(storage.unitOfWork(issuer.attempt(start))
                .insert(root)
                .insert(row)
                .commit(report.rayId()));
        report.show("user code", userCode + " on the screen, " + row.userCode() + " in the store");
        StepReport.as(Pending.class, poll(0, report));
        report.show("after  0 s", "authorization_pending");
        SlowDown slower = StepReport.as(SlowDown.class, poll(1, report));
        report.show("after  1 s", "slow_down, every " + slower.newInterval().toSeconds() + " s from now on");
        report.expect(
                "polling too soon costs five seconds more, for good",
                slower.newInterval().equals(row.interval().plus(Duration.ofSeconds(5))));
        StepReport.as(Pending.class, poll(12, report));
        report.show("after 12 s", "authorization_pending");

        String bob = stage.user("bob");
        DeviceCodeTable codes = storage.deviceCodes();
        Attempt yes = issuer.attempt(start.plusSeconds(15));
        Decided decided =
                StepReport.as(Decided.class, report.await(codes.approve(userCode.digest(), bob, yes, report.rayId())));
        report.show("after 15 s", bob + " approves on a phone: " + decided.row().state());
        Attempt no = issuer.attempt(start.plusSeconds(16));
        StepReport.as(AlreadyDecided.class, report.await(codes.deny(userCode.digest(), no, report.rayId())));
        report.expect("a later \"no\" is too late: AlreadyDecided", true);
        report.expect("the family now belongs to " + bob, bob.equals(owner(report)));
        redeem(report);
    }

    private void redeem(StepReport report) {
        StepReport.as(Approved.class, poll(23, report));
        Instant at = start.plusSeconds(23);
        AccessToken token = issuer.accessToken(root, Secret.random(), at).toBuilder()
                .userId(stage.user("bob"))
                .build();
        boolean committed = report.await(storage.unitOfWork(issuer.attempt(at))
                        .consumeDeviceCode(deviceCode.digest())
                        .insert(token)
                        .insert(issuer.event("device_code_redeemed", root, report.rayId()))
                        .commit(report.rayId()))
                .committed();
        report.show("after 23 s", "approved; the code is consumed and an access token stored, " + token.token());
        report.expect("the television is signed in", committed);
        ConsumeOutcome<DeviceCode> again =
                report.await(storage.deviceCodes().consume(deviceCode.digest(), issuer.attempt(at), report.rayId()));
        report.expect(
                "a second redemption is refused: AlreadyConsumed",
                again.kind() == ConsumeOutcome.Kind.ALREADY_CONSUMED);
    }

    private PollOutcome poll(long seconds, StepReport report) {
        Attempt attempt = issuer.attempt(start.plusSeconds(seconds));
        return report.await(storage.deviceCodes().poll(deviceCode.digest(), attempt, report.rayId()));
    }

    private String owner(StepReport report) {
        return report.await(storage.authorizations().getById(root.id(), report.rayId()))
                .flatMap(stored -> Optional.ofNullable(stored.userId()))
                .orElse("nobody");
    }
}
