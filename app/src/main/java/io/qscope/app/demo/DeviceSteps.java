package io.qscope.app.demo;

import io.qscope.service.DeviceAuthorization;
import io.qscope.service.DeviceRequest;
import io.qscope.service.DeviceService;
import io.qscope.service.IssuedTokens;
import io.qscope.service.OAuthServices;
import io.qscope.service.ServiceError;
import io.qscope.service.UserCodeService;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/** The device flow (RFC 8628): the device polls, its user approves, the device is signed in. */
final class DeviceSteps {

    private final Stage stage;

    DeviceSteps(Stage stage) {
        this.stage = stage;
    }

    void approve(StepReport report) {
        report.tell(
                "A television shows a user code and polls. The services take the time from whoever runs them, so the",
                "demo need not wait for the seconds that pass here.");
        Instant start = stage.clock().instant();
        AtomicReference<Instant> now = new AtomicReference<>(start);
        try (OAuthServices services = stage.services(now::get)) {
            play(services, start, now, report);
        }
    }

    private void play(OAuthServices services, Instant start, AtomicReference<Instant> now, StepReport report) {
        DeviceService devices = services.devices();
        UserCodeService userCodes = services.userCodes();
        String bob = stage.user("bob");
        DeviceAuthorization codes = report.value(devices.authorize(stage.credentials(), null, report.rayId()));
        report.show(
                "user code", Stage.shown(codes.userCode()).substring(0, 2) + "… on the screen, its HMAC in the store");
        poll(devices, codes, ServiceError.AUTHORIZATION_PENDING, report);
        report.show("after  0 s", "authorization_pending");
        now.set(start.plusSeconds(1));
        poll(devices, codes, ServiceError.SLOW_DOWN, report);
        report.show("after  1 s", "slow_down: five seconds more between two polls, for good");
        now.set(start.plusSeconds(12));
        poll(devices, codes, ServiceError.AUTHORIZATION_PENDING, report);
        report.show("after 12 s", "authorization_pending");

        now.set(start.plusSeconds(15));
        String typed = codes.userCode().toLowerCase(Locale.ROOT).replace('-', ' ');
        DeviceRequest asked = report.value(userCodes.find(typed, bob, report.rayId()));
        report.show("after 15 s", bob + " types the code, and is asked for " + asked.scopes());
        report.await(userCodes.approve(typed, bob, bob, report.rayId()));
        report.refused(ServiceError.NOT_FOUND, userCodes.deny(typed, bob, bob, report.rayId()));
        report.expect("approved; a later \"no\" is too late", true);

        now.set(start.plus(Duration.ofSeconds(23)));
        IssuedTokens tokens = report.value(devices.redeem(stage.credentials(), codes.deviceCode(), report.rayId()));
        report.show("after 23 s", "an access token, " + Stage.shown(tokens.accessToken()));
        report.expect("the television is signed in as " + bob, bob.equals(tokens.userId()));
        poll(devices, codes, ServiceError.INVALID_GRANT, report);
        report.expect(
                "a second redemption is a replay, and ends the family",
                !report.value(services.tokens()
                                .introspect(stage.credentials(), tokens.accessToken(), null, report.rayId()))
                        .active());
    }

    private void poll(DeviceService devices, DeviceAuthorization codes, ServiceError expected, StepReport report) {
        report.refused(expected, devices.redeem(stage.credentials(), codes.deviceCode(), report.rayId()));
    }
}
