package io.qscope.sql;

import io.qscope.audit.AuditGroup;
import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditLane;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session whose audit entries are chained, for engines whose driver blocks: one chain for as long as it lives, in one thread.
 * Without keys it chains nothing, and everything but {@link #run} and {@link #ask} does nothing.
 *
 * <p>The engine tells it of each transaction: {@link #begin} after its start, {@link #size} and {@link #cutTo} around a unit that
 * is undone, {@link #finish} when all units have run, {@link #committing} and {@link #committed} before and after its commit. A
 * transaction that is rolled back ends without a word.
 */
public final class SqlChainedSession implements SqlSession {

    private static final String IS_STORED =
            "SELECT EXISTS (SELECT 1 FROM oauth_audit_log WHERE chain = $1 AND sequence = $2)";

    private final SqlSession session;
    private final SqlAuditHeads heads;
    private final @Nullable AuditLane lane;
    private @Nullable AuditGroup group;

    /**
     * A session that has written nothing.
     *
     * @param keys none: entries are stored, and not chained
     */
    public SqlChainedSession(SqlSession session, @Nullable Supplier<KeyRing> keys) {
        this.session = Objects.requireNonNull(session, "session");
        this.heads = new SqlAuditHeads(session);
        this.lane = keys == null ? null : new AuditLane(keys);
    }

    @Override
    public SqlStep.Done run(SqlStep step) {
        return session.run(step);
    }

    @Override
    public <T> List<T> ask(SqlQuery<T> query) {
        return session.ask(query);
    }

    /** A transaction has begun, in which nothing is sealed yet. Looks first what became of a commit in doubt. */
    public void begin() {
        group = null;
        if (lane != null) {
            lane.inDoubt().ifPresent(head -> lane.settle(isStored(head)));
        }
    }

    private boolean isStored(AuditHead head) {
        return session.ask(SqlQuery.of(IS_STORED, row -> SqlValues.of(row).flag(), head.chain(), head.sequence()))
                .get(0);
    }

    @Override
    public AuditLog seal(AuditLog entry, RayId rayId) {
        if (lane == null) {
            return entry;
        }
        if (group == null) {
            group = lane.begin();
        }
        return group.seal(entry, rayId);
    }

    /** How many entries were sealed in this transaction. */
    public int size() {
        return group == null ? 0 : group.size();
    }

    /** Forgets the entries after the first {@code size}: the unit that wrote them was undone. */
    public void cutTo(int size) {
        if (group != null) {
            group.cutTo(size);
        }
    }

    /** All units have run: writes what the chain needs beside their entries, in the same transaction. */
    public void finish() {
        if (group == null || group.size() == 0) {
            return;
        }
        if (group.opens()) {
            List<AuditHead> others = heads.take();
            session.run(SqlAuditLogTable.insertingInPlace(group.opening(others)));
        }
        heads.put(group.head());
    }

    /** Whether the next entry opens a chain, which takes a question before its group can be finished. */
    public boolean opensNext() {
        return lane != null && !lane.isOpen();
    }

    /** Whether there is a chain to be closed. */
    public boolean isOpen() {
        return lane != null && lane.isOpen();
    }

    /**
     * Writes the chain's last entry, in a transaction that writes nothing else; then {@link #finish} it.
     *
     * @throws IllegalStateException when the chain is not {@linkplain #isOpen open}
     * @throws io.qscope.store.StorageUnavailableException when there is no key
     */
    public void close() {
        AuditGroup last = Objects.requireNonNull(lane, "there is no chain").begin();
        session.run(SqlAuditLogTable.insertingInPlace(last.closing()));
        group = last;
    }

    /** To be called before the commit: from here on its outcome may be unknown. */
    public void committing() {
        if (size() > 0) {
            Objects.requireNonNull(group).committing();
        }
    }

    /** To be called once the commit is known not to have happened, after {@link #committing}; its entries are forgotten. */
    public void notCommitted() {
        if (lane != null && size() > 0) {
            lane.settle(false);
        }
        group = null;
    }

    /** To be called once the commit is known to have happened. */
    public void committed() {
        if (size() > 0) {
            Objects.requireNonNull(group).committed();
        }
        group = null;
    }
}
