package io.qscope.audit;

import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chains one after the other, each from its opening to its end. A group is a run of entries with one {@code
 * previousHash}; that a page ends within a group, or that the chain grows meanwhile, makes no difference, since a group is seen
 * whole and what comes later comes after it.
 */
final class ChainsReader implements LogWalk.Reader {

    private final KeyRing keys;
    private final PinnedHeads heads;
    private final AuditFindings findings;

    private long entries;
    private int chains;
    private int closedChains;
    private final List<String> unclosed = new ArrayList<>();
    private final List<AuditHead> unrecorded = new ArrayList<>();
    private long furtherUnrecorded;
    private final SortedMap<String, AuditKeyUse> uses = new TreeMap<>();
    private boolean cutShort;

    private @Nullable String chain;
    private boolean closed;
    private String previous = "";
    private long sequence;
    private final MessageDigest group = AuditHead.digest();

    ChainsReader(KeyRing keys, PinnedHeads heads, AuditFindings findings) {
        this.keys = keys;
        this.heads = heads;
        this.findings = findings;
    }

    @Override
    public void entry(AuditLog entry) {
        String itsChain = Objects.requireNonNull(entry.chain());
        boolean first = !itsChain.equals(chain);
        if (first) {
            endChain();
            chain = itsChain;
            closed = false;
        }
        entries++;
        AuditSeal.Verdict verdict = AuditSeal.verdict(entry, keys);
        judge(entry, verdict, first);
        count(entry, verdict);
        link(entry, itsChain, first);
        closed |= verdict == AuditSeal.Verdict.CLOSING;
    }

    private void judge(AuditLog entry, AuditSeal.Verdict verdict, boolean first) {
        if (verdict == AuditSeal.Verdict.CHANGED) {
            findings.add(
                    AuditFinding.Kind.CHANGED, entry, "its hash is not that of what it says: it was changed or forged");
        } else if (verdict == AuditSeal.Verdict.UNKNOWN_KEY) {
            findings.add(
                    AuditFinding.Kind.UNKNOWN_KEY,
                    entry,
                    "its hash was made by key " + AuditSeal.keyId(entry.hash())
                            + ", which is not in the key ring: add that key, and verify again");
        }
        boolean opens = Long.valueOf(AuditLane.FIRST).equals(entry.sequence());
        if (first && (!opens || verdict == AuditSeal.Verdict.ENTRY)) {
            findings.add(
                    AuditFinding.Kind.NO_OPENING,
                    entry,
                    "the chain begins with it and not with its opening: its start was deleted");
        }
        if (closed) {
            findings.add(
                    AuditFinding.Kind.AFTER_CLOSING,
                    entry,
                    "the chain was closed before it, and no storage writes on then");
        }
    }

    private void count(AuditLog entry, AuditSeal.Verdict verdict) {
        String keyId = AuditSeal.keyId(entry.hash());
        if (keyId != null && verdict.isSealed()) {
            Instant at = entry.createdAt();
            uses.merge(keyId, new AuditKeyUse(keyId, 1, at), (before, one) -> before.and(at));
        }
    }

    private void link(AuditLog entry, String itsChain, boolean first) {
        String itsPrevious = Objects.requireNonNullElse(entry.previousHash(), "");
        if (first) {
            boolean opens = Long.valueOf(AuditLane.FIRST).equals(entry.sequence());
            if (opens && !itsPrevious.equals(AuditHead.NO_LINK)) {
                brokenLink(entry);
            }
        } else if (!itsPrevious.equals(previous)) {
            AuditHead before = new AuditHead(itsChain, sequence, AuditHead.hex(group));
            boolean recorded = heads.met(before);
            if (!itsPrevious.equals(before.link())) {
                brokenLink(entry);
                if (!recorded) {
                    // What stands before the gap hangs on nothing any more.
                    pin(before);
                }
            }
        }
        previous = itsPrevious;
        sequence = Objects.requireNonNull(entry.sequence());
        AuditHead.add(group, Objects.requireNonNullElse(entry.hash(), ""));
    }

    private void brokenLink(AuditLog entry) {
        findings.add(
                AuditFinding.Kind.BROKEN_LINK,
                entry,
                "it does not follow what stands before it: entries were deleted, inserted or moved there");
    }

    private void endChain() {
        if (chain == null) {
            return;
        }
        AuditHead head = new AuditHead(chain, sequence, AuditHead.hex(group));
        if (!heads.met(head)) {
            pin(head);
        }
        chains++;
        if (closed) {
            closedChains++;
        } else if (unclosed.size() < AuditReport.MOST_UNCLOSED) {
            unclosed.add(chain);
        }
    }

    private void pin(AuditHead head) {
        if (unrecorded.size() < AuditReport.MOST_HEADS) {
            unrecorded.add(head);
        } else {
            furtherUnrecorded++;
        }
    }

    @Override
    public void unreadable(String problem) {
        cutShort = true;
        findings.add(new AuditFinding(
                AuditFinding.Kind.UNREADABLE,
                chain,
                chain == null ? null : sequence,
                null,
                null,
                "an entry after this place cannot be read, and neither it nor any after it was verified: " + problem));
    }

    /**
     * What was found, once all is read.
     *
     * @param checkpoints what was there once
     */
    AuditReport report(long beforeFirstChain, List<AuditCheckpoint> checkpoints) {
        endChain();
        if (!cutShort) {
            heads.missing().forEach(findings::add);
            compare(beforeFirstChain, checkpoints);
        }
        return new AuditReport(
                entries,
                beforeFirstChain,
                chains,
                closedChains,
                unclosed,
                unrecorded,
                furtherUnrecorded,
                heads.unchecked(),
                List.copyOf(uses.values()),
                findings.list(),
                findings.acknowledged(),
                findings.further());
    }

    /** What can be seen by the number of entries alone. */
    private void compare(long beforeFirstChain, List<AuditCheckpoint> checkpoints) {
        if (chains == 0 && beforeFirstChain > 0) {
            findings.add(AuditFinding.ofLog(
                    AuditFinding.Kind.NO_CHAIN,
                    null,
                    "there are " + beforeFirstChain
                            + " entries and no chain: no storage was opened with keys yet, or the"
                            + " chains were taken away"));
        }
        for (AuditCheckpoint checkpoint : checkpoints) {
            if (entries < checkpoint.entries()) {
                findings.add(AuditFinding.ofLog(
                        AuditFinding.Kind.ENTRIES_MISSING,
                        checkpoint.signature(),
                        "the checkpoint of " + checkpoint.takenAt() + " counted " + checkpoint.entries()
                                + " entries in chains, and there are " + entries + ": some were deleted"));
            }
        }
    }
}
