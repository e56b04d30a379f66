package io.qscope.audit;

import io.qscope.key.Key;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.store.StorageUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The audit entries that a lane commits together; see {@link AuditLane}. Each has the link of the group before, and none depends
 * on another one of its own group, so that any of them may be undone before the commit.
 */
public final class AuditGroup {

    /** Who writes openings and closings. */
    private static final String BY = "qscope";

    private record Sealed(long sequence, String hash, Instant createdAt) {}

    private final AuditLane lane;
    private final String chain;
    private final String previous;
    private final List<Sealed> entries = new ArrayList<>();
    private @Nullable Key key;
    private @Nullable String keyFailure;
    private boolean opened;
    private boolean closes;

    AuditGroup(AuditLane lane, String chain, String previous) {
        this.lane = lane;
        this.chain = chain;
        this.previous = previous;
    }

    /**
     * Gives an entry its place in the chain; what the entry says of it is ignored.
     *
     * @return the entry as it is to be stored
     * @throws StorageUnavailableException when there is no key, for this entry and all others of the group; the entry is not in
     *     the group then
     */
    public AuditLog seal(AuditLog entry, RayId rayId) {
        return add(entries.size(), AuditRole.ENTRY, entry, lane.nextSequence(), key(rayId));
    }

    /** One key for the whole group. A callback that fails may have waited long, and each entry would wait as long again. */
    private Key key(RayId rayId) {
        if (key == null && keyFailure == null) {
            try {
                key = lane.key();
            } catch (RuntimeException failed) {
                // Without its message, which could quote a key.
                keyFailure = failed.getClass().getName();
            }
        }
        if (key == null) {
            throw new StorageUnavailableException(
                    "the key of the audit log cannot be had (" + keyFailure + "); look at what supplies the key ring",
                    false,
                    rayId);
        }
        return key;
    }

    /** How many entries it has. */
    public int size() {
        return entries.size();
    }

    /** Forgets the entries after the first {@code size}, which were undone. */
    public void cutTo(int size) {
        entries.subList(size, entries.size()).clear();
    }

    /** Whether the chain begins with this group, which then needs its {@link #opening}. */
    public boolean opens() {
        return lane.isNew() && !opened && !entries.isEmpty();
    }

    /**
     * The chain's first entry, when nothing of the group is undone any more.
     *
     * @param others heads of other chains that no opening has recorded, at most {@link AuditLane#MOST_HEADS}
     * @return the entry as it is to be stored
     * @throws IllegalStateException when the group does not {@linkplain #opens open} the chain
     */
    public AuditLog opening(List<AuditHead> others) {
        if (!opens() || key == null) {
            throw new IllegalStateException("the chain is opened, or has no entry");
        }
        opened = true;
        AuditLog entry = own(AuditEvent.CHAIN_OPENED, entries.get(0).createdAt(), AuditHeads.metadata(others));
        return add(0, AuditRole.OPENING, entry, AuditLane.FIRST, key);
    }

    /**
     * The chain's last entry, a group of its own.
     *
     * @return the entry as it is to be stored
     * @throws IllegalStateException when the lane {@linkplain AuditLane#isOpen has no open chain}, or the group has entries
     * @throws StorageUnavailableException when there is no key
     */
    public AuditLog closing() {
        if (!lane.isOpen() || !entries.isEmpty()) {
            throw new IllegalStateException("there is no chain to close, or its group has other entries");
        }
        Key closing = key(lane.ownRay);
        closes = true;
        AuditLog entry = own(AuditEvent.CHAIN_CLOSED, lane.newest(), Map.of());
        return add(0, AuditRole.CLOSING, entry, lane.nextSequence(), closing);
    }

    /**
     * Where the chain stands once the group is committed.
     *
     * @throws IllegalStateException when it has no entry, or lacks its opening
     */
    public AuditHead head() {
        if (entries.isEmpty() || opens()) {
            throw new IllegalStateException("the group has no entry, or lacks its opening");
        }
        return new AuditHead(
                chain,
                entries.get(entries.size() - 1).sequence(),
                AuditHead.linkOf(entries.stream().map(Sealed::hash).toList()));
    }

    /** To be called when all of it is written, before its commit is asked for: from here on the outcome may be unknown. */
    public void committing() {
        Instant newest = entries.stream().map(Sealed::createdAt).reduce(lane.newest(), (a, b) -> a.isBefore(b) ? b : a);
        lane.committing(new AuditLane.End(head(), newest, closes));
    }

    /** To be called once the commit is known to have happened. */
    public void committed() {
        lane.committed();
    }

    /** An entry of the chain's own. */
    private AuditLog own(AuditEvent event, Instant at, Map<String, Object> metadata) {
        return AuditLog.builder()
                .id(RowIds.next())
                .eventType(event.type())
                .rayId(lane.ownRay)
                .metadata(metadata)
                .createdAt(at)
                .createdBy(BY)
                .build();
    }

    private AuditLog add(int place, AuditRole role, AuditLog entry, long sequence, Key by) {
        AuditLog sealed = AuditSeal.sealed(role, entry, chain, sequence, previous, by);
        entries.add(place, new Sealed(sequence, String.valueOf(sealed.hash()), sealed.createdAt()));
        return sealed;
    }
}
