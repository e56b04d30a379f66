package io.qscope.audit;

import java.util.List;

/**
 * What a verification found.
 *
 * @param entries how many entries have a place in a chain
 * @param beforeFirstChain how many entries have none and are not newer than the first chain: from before there were keys. They
 *     prove nothing
 * @param chains how many chains there are
 * @param closed how many of them end with their closing
 * @param unclosed the others, by id: ended unclosed, or still open
 * @param heads where each chain stands whose end no opening records: what a checkpoint pins
 * @param findings what is wrong, at most {@value #MOST_FINDINGS}
 * @param furtherFindings how many findings are left out of the list
 */
public record AuditReport(
        long entries,
        long beforeFirstChain,
        int chains,
        int closed,
        List<String> unclosed,
        List<AuditHead> heads,
        List<AuditFinding> findings,
        long furtherFindings) {

    /** Most findings of a report; a log of millions of entries may be wrong in each of them. */
    public static final int MOST_FINDINGS = 1_000;

    /** Copies the lists. */
    public AuditReport {
        unclosed = List.copyOf(unclosed);
        heads = List.copyOf(heads);
        findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong; what that proves is said at {@link AuditVerification}. */
    public boolean isIntact() {
        return findings.isEmpty();
    }
}
