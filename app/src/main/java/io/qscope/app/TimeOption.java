package io.qscope.app;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a moment: {@code 2026-11-24T12:00:00Z}, or how long ago it was: {@code 90s}, {@code 15m}, {@code 6h}, {@code 30d}. */
public final class TimeOption implements ITypeConverter<Instant> {

    static final String EXPECTED = "2026-11-24T12:00:00Z, or how long ago: 90s, 15m, 6h, 30d";

    private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

    /** For picocli. */
    public TimeOption() {}

    @Override
    public Instant convert(String value) {
        Matcher ago = AGO.matcher(value);
        if (ago.matches()) {
            return Instant.now().minus(duration(Long.parseLong(ago.group(1)), ago.group(2)));
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeException malformed) {
            throw new TypeConversionException("expected " + EXPECTED);
        }
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
