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
 * @param unclosed the others, by id, the first {@value #MOST_UNCLOSED}: ended unclosed, or still open
 * @param heads where each chain stands whose end no opening records: what a checkpoint pins; at most {@value #MOST_HEADS}
 * @param furtherHeads how many are left out of {@code heads}; of a log with any there can be no checkpoint
 * @param uncheckedHeads how many heads that openings recorded were not looked for: beyond {@value #MOST_RECORDED} of them
 * @param keys what each key has hashed, by id; only keys of the ring
 * @param findings what is wrong and was not acknowledged, at most {@value #MOST_FINDINGS}
 * @param acknowledged what is wrong, and a checkpoint that was verified against acknowledges; at most {@value #MOST_FINDINGS}
 * @param furtherFindings how many findings are left out of the two lists
 */
public record AuditReport(
        long entries,
        long beforeFirstChain,
        int chains,
        int closed,
        List<String> unclosed,
        List<AuditHead> heads,
        long furtherHeads,
        long uncheckedHeads,
        List<AuditKeyUse> keys,
        List<AuditFinding> findings,
        List<AuditFinding> acknowledged,
        long furtherFindings) {

    /** Most findings of a report; a log of millions of entries may be wrong in each of them. */
    public static final int MOST_FINDINGS = 1_000;

    /** Most unclosed chains that a report names; somebody may have made any number of them. */
    public static final int MOST_UNCLOSED = 1_000;

    /** Most heads that a report and a checkpoint have: there are as many as storages write at once, and a few more. */
    public static final int MOST_HEADS = 10_000;

    /** Most recorded heads that are looked for at once. */
    public static final int MOST_RECORDED = 1_000_000;

    /** Copies the lists. */
    public AuditReport {
        unclosed = List.copyOf(unclosed);
        heads = List.copyOf(heads);
        keys = List.copyOf(keys);
        findings = List.copyOf(findings);
        acknowledged = List.copyOf(acknowledged);
    }

    /** Whether nothing is wrong but what was acknowledged; what that proves is said at {@link AuditVerification}. */
    public boolean isIntact() {
        return findings.isEmpty() && furtherFindings == 0;
    }
}
