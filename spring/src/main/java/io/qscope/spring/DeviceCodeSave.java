package io.qscope.spring;

import io.qscope.model.DeviceCode;
import io.qscope.spring.TokenChanges.Change;
import io.qscope.spring.UnitParts.Guard;
import java.security.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;

/**
 * The device code and the user code of an authorization that is saved: one row. Spring says by which of the two are invalidated
 * what became of them: the user code alone is an approval, both at once a denial, the device code after the user code its
 * redemption.
 */
final class DeviceCodeSave {

    private final FamilySave save;
    private final FamilyRows rows;
    private final OAuth2Authorization given;
    private final TokenChanges changes;
    private final @Nullable DeviceCode loaded;
    private final @Nullable DeviceCode current;
    private final Instant now;
    private final @Nullable Token<OAuth2DeviceCode> device;
    private final @Nullable Token<OAuth2UserCode> user;

    DeviceCodeSave(
            FamilySave save,
            FamilyRows rows,
            OAuth2Authorization given,
            TokenChanges changes,
            @Nullable DeviceCode loaded,
            @Nullable DeviceCode current,
            Instant now) {
        this.save = save;
        this.rows = rows;
        this.given = given;
        this.changes = changes;
        this.loaded = loaded;
        this.current = current;
        this.now = now;
        this.device = given.getToken(OAuth2DeviceCode.class);
        this.user = given.getToken(OAuth2UserCode.class);
    }

    void compared() {
        Change ofDevice =
                changes.of(OAuth2DeviceCode.class, TokenKind.DEVICE_CODE, loaded == null ? null : loaded.deviceCode());
        Change ofUser =
                changes.of(OAuth2UserCode.class, TokenKind.USER_CODE, loaded == null ? null : loaded.userCode());
        if (loaded != null && isKept(ofDevice) && isKept(ofUser)) {
            transition(loaded);
            boolean isChanged = changes.isDifferent(device) || changes.isDifferent(user);
            if (isChanged && save.isStill(Slot.DEVICE_CODE, loaded) && current != null) {
                save.update(rows.changed(current, given, now));
            }
            return;
        }
        if (loaded != null) {
            save.delete(Slot.DEVICE_CODE, loaded);
        }
        if (device != null || user != null) {
            DeviceCode added = rows.deviceCode(
                    given,
                    loaded != null && ofDevice == Change.SAME ? loaded.deviceCode() : null,
                    loaded != null && ofUser == Change.SAME ? loaded.userCode() : null,
                    now);
            save.insert(added, added.deviceCode());
        }
    }

    private static boolean isKept(Change change) {
        return change == Change.SAME || change == Change.NONE;
    }

    private void transition(DeviceCode row) {
        boolean deviceSpent = changes.isNewlyInvalidated(device);
        if (changes.isNewlyInvalidated(user)) {
            decide(row, deviceSpent);
        } else if (deviceSpent) {
            redeem(row);
        }
    }

    private void decide(DeviceCode row, boolean deviceSpent) {
        boolean isUsers = given.getAttributes().containsKey(Principal.class.getName());
        if (deviceSpent) {
            save.spend(Slot.DEVICE_CODE, Guard.DECISION, unit -> unit.deny(row.userCode()));
        } else if (isUsers) {
            save.approve();
            save.spend(
                    Slot.DEVICE_CODE, Guard.DECISION, unit -> unit.approve(row.userCode(), given.getPrincipalName()));
        } else {
            // Spring gives up a user code that has expired.
            save.spendIfPossible(Slot.DEVICE_CODE, Guard.DECISION, unit -> unit.deny(row.userCode()));
        }
    }

    private void redeem(DeviceCode row) {
        if (changes.issueTokens()) {
            save.spend(Slot.DEVICE_CODE, Guard.DEVICE_CODE, unit -> unit.consumeDeviceCode(row.deviceCode()));
        } else if (!changes.followTokens()) {
            save.revokeFamily();
        } else {
            save.spendIfPossible(Slot.DEVICE_CODE, Guard.DEVICE_CODE, unit -> unit.consumeDeviceCode(row.deviceCode()));
        }
    }
}
