package io.qscope.model;

/** Where a device code stands. That it expired is not stored: {@link DeviceCode#expiresAt()} says so at any moment. */
public enum DeviceCodeState {
    /** Waits for its user. */
    PENDING,
    /** Its user agreed; the device may consume it once. */
    APPROVED,
    /** Its user refused. */
    DENIED,
    /** The device redeemed it. */
    CONSUMED
}
