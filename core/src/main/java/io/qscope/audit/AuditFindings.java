package io.qscope.audit;

import io.qscope.model.AuditLog;
import java.util.ArrayList;
import java.util.List;

/** Gathers findings, as many as a report has. */
final class AuditFindings {

    private final List<AuditFinding> found = new ArrayList<>();
    private long further;

    void add(AuditFinding.Kind kind, AuditLog entry, String words) {
        add(new AuditFinding(kind, entry.chain(), entry.sequence(), entry.id(), words));
    }

    void add(AuditFinding finding) {
        if (found.size() < AuditReport.MOST_FINDINGS) {
            found.add(finding);
        } else {
            further++;
        }
    }

    List<AuditFinding> list() {
        return found;
    }

    long further() {
        return further;
    }
}
