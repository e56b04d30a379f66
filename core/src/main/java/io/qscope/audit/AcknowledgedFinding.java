package io.qscope.audit;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What makes a finding the same one again: where it is, and by the digest also what stands there. So what was acknowledged once
 * hides nothing that is done to the log, or to the same place of it, later.
 */
record AcknowledgedFinding(
        AuditFinding.Kind kind,
        @Nullable String chain,
        @Nullable Long sequence,
        @Nullable String entryId,
        @Nullable String digest) {

    private static final String ABSENT = "-";
    private static final String EMPTY = "\"\"";

    static AcknowledgedFinding of(AuditFinding finding) {
        return new AcknowledgedFinding(
                finding.kind(), finding.chain(), finding.sequence(), finding.entryId(), finding.digest());
    }

    /** In one line of a checkpoint. */
    String written() {
        return String.join(
                " ",
                kind.name(),
                word(chain),
                sequence == null ? ABSENT : sequence.toString(),
                word(entryId),
                word(digest));
    }

    /** @throws RuntimeException when a checkpoint of this form has no such line */
    static AcknowledgedFinding read(String line) {
        String[] words = line.split(" ", -1);
        return new AcknowledgedFinding(
                AuditFinding.Kind.valueOf(words[0]),
                text(words[1]),
                words[2].equals(ABSENT) ? null : Long.valueOf(words[2]),
                text(words[3]),
                text(words[4]));
    }

    /** A text as one word: a forged entry may have spaces and ends of lines in its names. A UUID is itself. */
    static String word(@Nullable String text) {
        if (text == null) {
            return ABSENT;
        }
        return switch (text) {
            case ABSENT -> "%2D";
            case "" -> EMPTY;
            default -> URLEncoder.encode(text, StandardCharsets.UTF_8);
        };
    }

    /** The text of a {@link #word}. */
    static @Nullable String text(String word) {
        return switch (word) {
            case ABSENT -> null;
            case EMPTY -> "";
            default -> URLDecoder.decode(word, StandardCharsets.UTF_8);
        };
    }
}
