package io.qscope.audit;

import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole log in the order of time, for what the chains themselves do not tell: which heads the openings recorded, and
 * which entries have no chain.
 */
final class OpeningsReader implements LogWalk.Reader {

    private final KeyRing keys;
    private final PinnedHeads heads;
    private final AuditFindings findings;
    private @Nullable Instant firstOpening;
    private long beforeFirstChain;

    OpeningsReader(KeyRing keys, PinnedHeads heads, AuditFindings findings) {
        this.keys = keys;
        this.heads = heads;
        this.findings = findings;
    }

    long beforeFirstChain() {
        return beforeFirstChain;
    }

    @Override
    public void entry(AuditLog entry) {
        if (entry.chain() == null && entry.sequence() == null && entry.previousHash() == null && entry.hash() == null) {
            unchained(entry);
        } else if (entry.chain() == null || entry.sequence() == null) {
            findings.add(
                    AuditFinding.Kind.CHANGED, entry, "it has a hash and no place in a chain, which no storage writes");
        } else if (entry.sequence() == AuditLane.FIRST && AuditSeal.verdict(entry, keys) == AuditSeal.Verdict.OPENING) {
            opening(entry, entry.chain());
        }
    }

    private void unchained(AuditLog entry) {
        if (firstOpening == null || !entry.createdAt().isAfter(firstOpening)) {
            beforeFirstChain++;
            return;
        }
        findings.add(
                AuditFinding.Kind.UNCHAINED,
                entry,
                "it has no chain, though chains were being written when it was made: written by hand, or by a storage"
                        + " that was opened without keys");
    }

    private void opening(AuditLog entry, String chain) {
        if (firstOpening == null) {
            firstOpening = entry.createdAt();
        }
        AuditHeads.in(entry).forEach(head -> heads.byOpening(head, chain));
    }

    @Override
    public void unreadable(String problem) {
        findings.add(AuditFinding.ofLog(
                AuditFinding.Kind.UNREADABLE,
                null,
                "in the order of time, an entry cannot be read, and those after it were not looked at for what has no"
                        + " chain: " + problem));
    }
}
