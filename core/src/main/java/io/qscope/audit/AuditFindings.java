package io.qscope.audit;

import io.qscope.model.AuditLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers findings, as many as a report has, those apart that a checkpoint acknowledges. */
final class AuditFindings {

    private final Set<AcknowledgedFinding> known = new HashSet<>();
    private final List<AuditFinding> found = new ArrayList<>();
    private final List<AuditFinding> acknowledged = new ArrayList<>();
    private long further;

    /**
     * No findings yet.
     *
     * @param checkpoints of which the newest alone acknowledges: it has taken over from earlier ones what was still found then, so
     *     damage that was mended meanwhile, and done again, is new
     */
    AuditFindings(List<AuditCheckpoint> checkpoints) {
        checkpoints.stream()
                .map(AuditCheckpoint::takenAt)
                .max(Comparator.naturalOrder())
                .ifPresent(newest -> checkpoints.stream()
                        .filter(checkpoint -> checkpoint.takenAt().equals(newest))
                        .forEach(checkpoint -> known.addAll(checkpoint.acknowledged())));
    }

    void add(AuditFinding.Kind kind, AuditLog entry, String words) {
        add(AuditFinding.ofEntry(kind, entry, words));
    }

    void add(AuditFinding finding) {
        List<AuditFinding> list = known.contains(AcknowledgedFinding.of(finding)) ? acknowledged : found;
        if (list.size() < AuditReport.MOST_FINDINGS) {
            list.add(finding);
        } else {
            further++;
        }
    }

    List<AuditFinding> list() {
        return found;
    }

    List<AuditFinding> acknowledged() {
        return acknowledged;
    }

    long further() {
        return further;
    }
}
