package io.qscope.audit;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What chains the audit entries of one way into a database: the one writer of an open storage, or one connection of several.
 * For engines; it does no I/O, and is used by one thread at a time.
 *
 * <p>A lane writes one group of entries after the other: what is committed together. A group is {@linkplain #begin begun},
 * seals its entries, and is told before and after its commit. One that is never told of its commit has not happened: the next
 * one begins from where the last committed one ended, so a group that was rolled back is begun anew without further ado.
 *
 * <p>The chain's id is made when its first group is begun. Number 1 is the opening's. Every other sequence number is given out
 * once, whatever becomes of its entry: what is lost or undone leaves a gap, and no number stands for two entries.
 *
 * <p>When the outcome of a commit is unknown, {@link #inDoubt} says what to look for in the database before the next group.
 * Whoever looks must be certain that the commit cannot still happen: where it was sent down a connection that broke, the next
 * connection has a lane of its own, and this one's chain has ended without a closing.
 */
public final class AuditLane {

    /** Most heads of other chains that an opening records: as many as its metadata holds. */
    public static final int MOST_HEADS = 100;

    /** The sequence of an opening. */
    static final long FIRST = 1;

    /** For the lane's own entries, which no request causes. */
    final RayId ownRay = RayId.random();

    /** Where a group leaves the chain once it is committed. */
    record End(AuditHead head, Instant newest, boolean closes) {}

    private final Supplier<KeyRing> keys;
    private @Nullable String chain;
    private long lastSequence = FIRST;
    private @Nullable AuditHead head;
    private Instant newest = Instant.EPOCH;
    private @Nullable End inDoubt;
    private boolean closed;

    /**
     * A lane that has written nothing.
     *
     * @param keys asked once for each group, also when that fails; whose first key hashes
     */
    public AuditLane(Supplier<KeyRing> keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * Begins a group, after the last one that is known to be committed.
     *
     * @throws IllegalStateException while a commit is {@linkplain #inDoubt in doubt}, and once the chain is closed
     */
    public AuditGroup begin() {
        if (inDoubt != null) {
            throw new IllegalStateException("a commit is in doubt; look for its entries before the next group begins");
        }
        if (closed) {
            throw new IllegalStateException("the chain is closed");
        }
        if (chain == null) {
            chain = RowIds.next();
        }
        return new AuditGroup(this, chain, head == null ? AuditHead.NO_LINK : head.link());
    }

    /** Whether there is a chain to be closed: something of it is committed, and no closing. */
    public boolean isOpen() {
        return head != null && !closed;
    }

    /** The head that the last commit would have left, while nobody knows whether it did; see {@link #settle}. */
    public Optional<AuditHead> inDoubt() {
        return Optional.ofNullable(inDoubt).map(End::head);
    }

    /**
     * Says what became of the commit {@linkplain #inDoubt in doubt}.
     *
     * @param stored whether the database holds an entry of that chain and sequence: a group is stored wholly or not at all
     */
    public void settle(boolean stored) {
        if (stored) {
            committed();
            return;
        }
        if (inDoubt != null && head == null) {
            // Nothing was ever seen of a chain whose first group is lost: the next attempt is another one.
            chain = null;
        }
        inDoubt = null;
    }

    boolean isNew() {
        return head == null;
    }

    long nextSequence() {
        lastSequence++;
        return lastSequence;
    }

    /** The key that hashes now; fails with whatever the callback for the ring fails with. */
    Key key() {
        return keys.get().writing();
    }

    /** The latest moment that the chain tells of, which is when it closes: nobody here reads a clock. */
    Instant newest() {
        return newest;
    }

    void committing(End end) {
        inDoubt = end;
    }

    /** Nothing here can fail halfway. */
    void committed() {
        End end = inDoubt;
        if (end != null) {
            head = end.head();
            newest = end.newest();
            closed = end.closes();
            inDoubt = null;
        }
    }
}
