package io.qscope.audit;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.key.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where all chains of a log stood at a moment: a small text to be kept where whoever can write to the database cannot. A log
 * that is verified {@linkplain AuditVerification#against against} it has lost nothing of what was there then, not even its
 * newest entries or whole chains.
 *
 * <p>It names the heads that no opening in the log records; every other chain is pinned through the opening that recorded its
 * end, whose own chain is pinned. It is signed by the audit key, so a text that was changed is refused.
 *
 * <p>Keep every checkpoint and verify against all of them: each pins what a later one may not know of. One may {@linkplain
 * #acknowledging acknowledge} findings that somebody has looked into; a verification against it tells them apart from new ones,
 * for as long as it is the newest of those given.
 *
 * <p><b>What it cannot tell:</b> what was written and deleted since. Somebody who can exchange the text for an older one of ours
 * gains the time between the two, so keep it where that shows, and take one often. A backup that is restored lacks what came
 * after it, and a checkpoint says so: that is no tampering, and the log has nevertheless lost evidence. Whoever has the keys can
 * make any log, and a checkpoint of it.
 */
public final class AuditCheckpoint {

    private static final String TITLE = "qscope audit checkpoint v1";
    private static final String TAKEN = "taken ";
    private static final String ENTRIES = "entries ";
    private static final String HEAD = "head ";
    private static final String ACKNOWLEDGED = "acknowledged ";
    private static final String MAC = "mac ";
    private static final int LINES_BEFORE_HEADS = 3;

    /** Most findings that a checkpoint acknowledges: beyond it, nobody has looked into each of them. */
    public static final int MOST_ACKNOWLEDGED = 1_000;

    private final Instant takenAt;
    private final long entries;
    private final List<AuditHead> heads;
    private final List<AcknowledgedFinding> acknowledged;
    private final String mac;

    private AuditCheckpoint(
            Instant takenAt, long entries, List<AuditHead> heads, List<AcknowledgedFinding> acknowledged, String mac) {
        this.takenAt = takenAt;
        this.entries = entries;
        this.heads = List.copyOf(heads);
        this.acknowledged = List.copyOf(acknowledged);
        this.mac = mac;
    }

    /**
     * A checkpoint of a log that was just verified, signed by the ring's writing key. What earlier checkpoints acknowledge and is
     * still found, this one acknowledges too.
     *
     * @param at when it is taken, cut to the millisecond
     * @throws IllegalArgumentException when the log has findings that nobody acknowledged, since what is lost must not be pinned
     *     as lost; or when there is more in it than a report holds
     */
    public static AuditCheckpoint of(AuditReport report, Instant at, KeyRing keys) {
        if (!report.findings().isEmpty()) {
            throw new IllegalArgumentException("a checkpoint is made of an intact log; look at the findings first");
        }
        return acknowledging(report, at, keys);
    }

    /**
     * A checkpoint that lists the findings of the report, signed with the rest: somebody has looked into each, and knows what it
     * comes from.
     *
     * @param at when it is taken, cut to the millisecond
     * @throws IllegalArgumentException when something cannot be read, behind which anything may be, or no chain was found, so that
     *     there is nothing to pin; when there are more findings than {@value #MOST_ACKNOWLEDGED}, or more heads than a report holds
     */
    public static AuditCheckpoint acknowledging(AuditReport report, Instant at, KeyRing keys) {
        refuseWhatHidesMore(report);
        List<AcknowledgedFinding> acknowledged = Stream.concat(
                        report.acknowledged().stream(), report.findings().stream())
                .map(AcknowledgedFinding::of)
                .distinct()
                .toList();
        if (report.furtherFindings() > 0 || acknowledged.size() > MOST_ACKNOWLEDGED) {
            throw new IllegalArgumentException("the log has more than " + MOST_ACKNOWLEDGED
                    + " findings, and a checkpoint acknowledges no more: somebody has to look into each");
        }
        if (report.furtherHeads() > 0) {
            throw new IllegalArgumentException("the log has more than " + AuditReport.MOST_HEADS
                    + " chains that no opening records, and a checkpoint cannot pin them all");
        }
        Instant takenAt = at.truncatedTo(ChronoUnit.MILLIS);
        String body = body(takenAt, report.entries(), report.heads(), acknowledged);
        return new AuditCheckpoint(
                takenAt, report.entries(), report.heads(), acknowledged, macOf(body, keys.writing()));
    }

    private static void refuseWhatHidesMore(AuditReport report) {
        for (AuditFinding finding : report.findings()) {
            if (finding.kind() == AuditFinding.Kind.UNREADABLE || finding.kind() == AuditFinding.Kind.NO_CHAIN) {
                throw new IllegalArgumentException(
                        "this cannot be acknowledged, since nobody knows what it hides: " + finding);
            }
        }
    }

    /**
     * Reads a checkpoint's text.
     *
     * @throws IllegalArgumentException when it is none, when it was changed, or when its key is not in the ring
     */
    public static AuditCheckpoint parse(String text, KeyRing keys) {
        List<String> lines = text.strip().lines().map(String::strip).toList();
        int last = lines.size() - 1;
        if (last < LINES_BEFORE_HEADS || !lines.get(0).equals(TITLE)) {
            throw new IllegalArgumentException("this is no audit checkpoint; one begins with \"" + TITLE + "\"");
        }
        String mac = after(MAC, lines.get(last), last);
        verify(String.join("\n", lines.subList(0, last)) + "\n", mac, keys);
        try {
            return signed(lines.subList(0, last), mac);
        } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException signedButUnknown) {
            throw new IllegalArgumentException("the checkpoint was signed by a release that writes another form");
        }
    }

    private static AuditCheckpoint signed(List<String> lines, String mac) {
        List<AuditHead> heads = new ArrayList<>();
        List<AcknowledgedFinding> acknowledged = new ArrayList<>();
        for (int i = LINES_BEFORE_HEADS; i < lines.size(); i++) {
            if (lines.get(i).startsWith(ACKNOWLEDGED)) {
                acknowledged.add(AcknowledgedFinding.read(after(ACKNOWLEDGED, lines.get(i), i)));
            } else {
                String[] words = after(HEAD, lines.get(i), i).split(" ", -1);
                heads.add(new AuditHead(
                        String.valueOf(AcknowledgedFinding.text(words[0])), Long.parseLong(words[1]), words[2]));
            }
        }
        return new AuditCheckpoint(
                Instant.parse(after(TAKEN, lines.get(1), 1)),
                Long.parseLong(after(ENTRIES, lines.get(2), 2)),
                heads,
                acknowledged,
                mac);
    }

    private static String after(String word, String line, int index) {
        if (!line.startsWith(word)) {
            throw new IllegalArgumentException(
                    "line " + (index + 1) + " of the checkpoint does not begin with \"" + word + "\"");
        }
        return line.substring(word.length());
    }

    private static void verify(String body, String mac, KeyRing keys) {
        String keyId = mac.substring(0, Math.max(0, mac.indexOf(' ')));
        Key key = keys.key(keyId)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the checkpoint was signed by key " + keyId + ", which is not in the key ring"));
        byte[] expected = macOf(body, key).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, mac.getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("the checkpoint was changed: its signature does not match what it says");
        }
    }

    private static String macOf(String body, Key key) {
        byte[] mac = key.mac(Purpose.AUDIT, body.getBytes(StandardCharsets.UTF_8));
        return key.id() + " " + HexFormat.of().formatHex(mac);
    }

    private static String body(
            Instant takenAt, long entries, List<AuditHead> heads, List<AcknowledgedFinding> acknowledged) {
        StringBuilder body = new StringBuilder();
        body.append(TITLE).append('\n');
        body.append(TAKEN).append(takenAt).append('\n');
        body.append(ENTRIES).append(entries).append('\n');
        for (AuditHead head : heads) {
            body.append(HEAD).append(AcknowledgedFinding.word(head.chain())).append(' ');
            body.append(head.sequence()).append(' ').append(head.link()).append('\n');
        }
        for (AcknowledgedFinding finding : acknowledged) {
            body.append(ACKNOWLEDGED).append(finding.written()).append('\n');
        }
        return body.toString();
    }

    /** When it was taken, by its maker's clock. */
    public Instant takenAt() {
        return takenAt;
    }

    /** How many entries had a place in a chain. */
    public long entries() {
        return entries;
    }

    /** The heads that it pins. */
    public List<AuditHead> heads() {
        return heads;
    }

    /** How many findings it acknowledges. */
    public int acknowledgements() {
        return acknowledged.size();
    }

    List<AcknowledgedFinding> acknowledged() {
        return acknowledged;
    }

    /** The digits of its signature, which no other checkpoint has. */
    String signature() {
        return mac.substring(mac.indexOf(' ') + 1);
    }

    /** The text, signature included, a line each; it holds no secret. */
    public String toText() {
        return body(takenAt, entries, heads, acknowledged) + MAC + mac + "\n";
    }

    /** When it was taken, and of how much. */
    @Override
    public String toString() {
        return "audit checkpoint of " + takenAt + ", " + entries + " entries, " + heads.size() + " heads";
    }
}
