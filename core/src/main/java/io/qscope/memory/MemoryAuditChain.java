package io.qscope.memory;

import io.qscope.audit.AuditGroup;
import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditLane;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.StorageUnavailableException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The chain of one storage: what a call writes is a group, and committed when the call has done its work. A call that fails
 * ends without a word, and a unit is refused before anything of it is sealed, since its guards are judged first. Used under
 * the data's lock.
 */
final class MemoryAuditChain {

    private final MemoryData data;
    private final @Nullable AuditLane lane;
    private @Nullable AuditGroup group;

    /**
     * A chain of its own.
     *
     * @param keys none: entries are stored, and not chained
     */
    MemoryAuditChain(MemoryData data, @Nullable Supplier<KeyRing> keys) {
        this.data = data;
        this.lane = keys == null ? null : new AuditLane(keys);
    }

    /** A call begins. */
    void begin() {
        group = null;
    }

    /** The entry as it is stored: with its place in the chain if there is one, and whatever it said of it. */
    AuditLog seal(AuditLog entry, RayId rayId) {
        if (lane == null) {
            return entry.toBuilder()
                    .chain(null)
                    .sequence(null)
                    .previousHash(null)
                    .hash(null)
                    .build();
        }
        if (group == null) {
            group = lane.begin();
        }
        return group.seal(entry, rayId);
    }

    /** The call has done its work: nothing of it is undone any more. */
    void commit() {
        AuditGroup current = group;
        if (current == null || current.size() == 0) {
            return;
        }
        if (current.opens()) {
            List<AuditHead> others = data.auditHeads.values().stream()
                    .limit(AuditLane.MOST_HEADS)
                    .toList();
            put(current.opening(others));
            others.forEach(head -> data.auditHeads.remove(head.chain()));
        }
        AuditHead head = current.head();
        // Taken out first, to come in behind those that have not changed.
        data.auditHeads.remove(head.chain());
        data.auditHeads.put(head.chain(), head);
        current.committing();
        current.committed();
    }

    /** The storage is closed: the chain ends, or does not when its key cannot be had. */
    void close() {
        if (lane == null || !lane.isOpen()) {
            return;
        }
        AuditGroup last = lane.begin();
        group = last;
        try {
            put(last.closing());
        } catch (StorageUnavailableException noKey) {
            // Closing must not fail; a chain that ends unclosed is no tampering.
            return;
        }
        commit();
    }

    private void put(AuditLog entry) {
        data.auditLog.put(Stored.unattempted(entry));
    }
}
