package io.qscope.audit;

import io.qscope.model.AuditLog;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with an audit log.
 *
 * @param kind what is wrong
 * @param chain the chain concerned; none for an entry that has none
 * @param sequence the place in the chain; none where there is none
 * @param entryId the entry concerned; none where it is an absence that was found
 * @param digest what stands there, so that an acknowledgement of the finding covers nothing else: SHA-256 of the entry, the link
 *     of a head, the signature of a checkpoint; none where there is nothing
 * @param words for people: what was found, and what it may mean; never what an entry holds
 */
public record AuditFinding(
        Kind kind,
        @Nullable String chain,
        @Nullable Long sequence,
        @Nullable String entryId,
        @Nullable String digest,
        String words) {

    /** What can be wrong. */
    public enum Kind {
        /** An entry is not what was written: its hash does not match. Changed, or forged without the key. */
        CHANGED,
        /** An entry's hash names a key that is not in the ring, so it is not known whether it was changed. */
        UNKNOWN_KEY,
        /** An entry does not follow the group before it: something between them was deleted, inserted or moved. */
        BROKEN_LINK,
        /** A chain does not begin with its opening: its start was deleted. */
        NO_OPENING,
        /** An entry comes after the one that closed its chain. */
        AFTER_CLOSING,
        /** A head that an opening or a checkpoint recorded is not in the log: what led to it was deleted. */
        HEAD_MISSING,
        /**
         * An entry has no chain and is newer than the first chain: it was written past it, by hand or by a storage that was
         * opened without keys.
         */
        UNCHAINED,
        /** There are entries, and none has a chain: there never was a key, or somebody took the chains away. */
        NO_CHAIN,
        /** There are fewer entries than a checkpoint counted. */
        ENTRIES_MISSING,
        /** An entry cannot be read, and so what comes after it was not looked at. */
        UNREADABLE
    }

    /** Checks that nothing is missing. */
    public AuditFinding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(words, "words");
    }

    /** Of an entry. */
    static AuditFinding ofEntry(Kind kind, AuditLog entry, String words) {
        return new AuditFinding(kind, entry.chain(), entry.sequence(), entry.id(), AuditSeal.digest(entry), words);
    }

    /** Of the log as a whole. */
    static AuditFinding ofLog(Kind kind, @Nullable String digest, String words) {
        return new AuditFinding(kind, null, null, null, digest, words);
    }

    /** In one line, for people. */
    @Override
    public String toString() {
        return kind
                + (chain == null ? "" : ", chain " + chain)
                + (sequence == null ? "" : ", sequence " + sequence)
                + (entryId == null ? "" : ", entry " + entryId)
                + ": " + words;
    }
}
