package io.qscope.model;

import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Follows one request through every call, row and error that it causes.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 . _ : -}
 */
public record RayId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._:-]{1," + Limits.RAY_ID + "}");

    /** @throws IllegalArgumentException when the value has another form */
    public RayId {
        if (!FORM.matcher(Objects.requireNonNull(value, "rayId")).matches()) {
            throw Fields.refused("rayId", "must be 1 to " + Limits.RAY_ID + " of A-Z a-z 0-9 . _ : -");
        }
    }

    /** A new random ray id: 32 lower-case hex digits, so that it can be a W3C trace id. */
    public static RayId random() {
        UUID uuid = UUID.randomUUID();
        HexFormat hex = HexFormat.of();
        return new RayId(
                hex.toHexDigits(uuid.getMostSignificantBits()) + hex.toHexDigits(uuid.getLeastSignificantBits()));
    }

    /** The bare value. */
    @Override
    public String toString() {
        return value;
    }
}
