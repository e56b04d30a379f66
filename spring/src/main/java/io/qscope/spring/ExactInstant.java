package io.qscope.spring;

import java.time.DateTimeException;
import java.time.Instant;

/** Instants as {@code seconds.nanoseconds} since the epoch: exact, and read in a fraction of the time that a date takes. */
final class ExactInstant {

    private ExactInstant() {}

    static String text(Instant instant) {
        return instant.getEpochSecond() + "." + instant.getNano();
    }

    /** @throws UnreadableValueException when it is none */
    static Instant parse(String text) {
        int dot = text.indexOf('.');
        try {
            return Instant.ofEpochSecond(
                    Long.parseLong(text, 0, Math.max(dot, 0), 10), Integer.parseInt(text, dot + 1, text.length(), 10));
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            throw new UnreadableValueException("what is stored is no instant");
        }
    }
}
