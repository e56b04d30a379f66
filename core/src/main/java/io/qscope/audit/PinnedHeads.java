package io.qscope.audit;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The heads that openings and checkpoints say were in the log. Each is met when it is found there. */
final class PinnedHeads {

    /** Who says so; an opening also keeps the head found from now on, and a checkpoint is gone once it is used. */
    private record Pin(boolean byOpening, String by) {}

    private final int most;
    private final Map<AuditHead, Pin> missing = new HashMap<>();
    private long unchecked;

    /** Remembers so many heads of openings, and all of checkpoints. */
    PinnedHeads(int most) {
        this.most = most;
    }

    void byOpening(AuditHead head, String openedChain) {
        if (missing.size() >= most && !missing.containsKey(head)) {
            unchecked++;
            return;
        }
        missing.put(head, new Pin(true, "the opening of chain " + openedChain));
    }

    /** How many heads there was no room for. */
    long unchecked() {
        return unchecked;
    }

    void byCheckpoint(AuditHead head, String takenAt) {
        missing.putIfAbsent(head, new Pin(false, "the checkpoint of " + takenAt));
    }

    /** A group of the log ends so; true when an opening recorded it. */
    boolean met(AuditHead head) {
        Pin pin = missing.remove(head);
        return pin != null && pin.byOpening();
    }

    /** What was recorded and is not there. */
    Stream<AuditFinding> missing() {
        return missing.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing(AuditHead::chain).thenComparingLong(AuditHead::sequence)))
                .map(pin -> new AuditFinding(
                        AuditFinding.Kind.HEAD_MISSING,
                        pin.getKey().chain(),
                        pin.getKey().sequence(),
                        null,
                        pin.getKey().link(),
                        "the chain stood here, says " + pin.getValue().by()
                                + ", and does not now: entries up to here were deleted or replaced"));
    }
}
