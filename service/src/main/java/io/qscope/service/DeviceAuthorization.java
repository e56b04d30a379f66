package io.qscope.service;

import java.time.Duration;

/**
 * A device authorization response (RFC 8628 §3.2); the verification URIs are the server's to add. It prints neither code.
 *
 * @param deviceCode for the device, which polls with it
 * @param userCode for the user to type, as it is to be shown: {@code WDJB-MJHT}
 * @param expiresIn how long both live
 * @param interval how long the device waits between two polls
 * @param authorizationId the family that begins with it
 */
public record DeviceAuthorization(
        String deviceCode, String userCode, Duration expiresIn, Duration interval, String authorizationId) {

    /** Without the codes. */
    @Override
    public String toString() {
        return "device codes for authorization " + authorizationId;
    }
}
