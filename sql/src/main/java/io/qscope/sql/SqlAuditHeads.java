package io.qscope.sql;

import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditLane;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code oauth_audit_heads}: where each chain stands that no opening has recorded yet. Whoever has the database can write there
 * what he likes, so nothing in it is believed that the log speaks against, and none of it may keep an entry from being written.
 */
final class SqlAuditHeads {

    /** Those first that have not changed for the longest time: a chain that ended is passed over by none that goes on. */
    private static final String NEXT = """
            SELECT chain, sequence, link, turn FROM oauth_audit_heads WHERE turn >= $1 AND chain IS NOT NULL
             ORDER BY turn, chain LIMIT $2""";

    private static final String TAKE = "DELETE FROM oauth_audit_heads WHERE chain = $1 AND turn = $2";

    private static final String PUT = """
            INSERT INTO oauth_audit_heads (chain, sequence, link, turn)
            VALUES ($1, $2, $3, (SELECT coalesce(max(turn), 0) + 1 FROM oauth_audit_heads WHERE turn < $4))
            ON CONFLICT (chain) DO UPDATE SET sequence = excluded.sequence, link = excluded.link, turn = excluded.turn""";

    /** No lane comes so far; one that starts from the greatest number, written by hand, would find none after it. */
    private static final long MOST_TURNS = 1L << 60;

    private static final String LAST_OF_CHAIN = """
            SELECT sequence, previous_hash, hash FROM oauth_audit_log WHERE chain = $1 AND sequence IS NOT NULL
             ORDER BY sequence DESC LIMIT $2""";

    /** How many entries are read at first to find a group, which most often has few; then {@value #MORE} times as many. */
    private static final int FEW = 16;

    private static final int MORE = 16;

    /** Entries of a group beyond which it is not looked at: no lane of an engine commits so many at once. */
    private static final int MOST_IN_A_GROUP = FEW * MORE * MORE * MORE;

    private final SqlSession session;

    SqlAuditHeads(SqlSession session) {
        this.session = session;
    }

    /** A row as it stands there. */
    private record Kept(
            String chain, @Nullable Long sequence, @Nullable String link, long turn) {

        static Kept of(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new Kept(values.text(), values.optionalNumber(), values.optionalText(), values.number());
        }

        Optional<AuditHead> head() {
            return AuditHead.ofLane(chain, sequence, link);
        }
    }

    /** An entry of the log: its place, and what its group's link is made of. */
    private record Link(long sequence, @Nullable String previous, String hash) {

        static Link of(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            long sequence = values.number();
            String previous = values.optionalText();
            return new Link(sequence, previous, Objects.requireNonNullElse(values.optionalText(), ""));
        }
    }

    /** Takes out the heads that the next opening records. Those that the log refutes are taken out too, and not recorded. */
    List<AuditHead> take() {
        List<AuditHead> heads = new ArrayList<>();
        for (Kept kept : session.ask(SqlQuery.of(NEXT, Kept::of, Long.MIN_VALUE, (long) AuditLane.MOST_HEADS))) {
            session.run(SqlStep.any(TAKE, kept.chain(), kept.turn()));
            kept.head().filter(head -> !isRefuted(head)).ifPresent(heads::add);
        }
        return heads;
    }

    /**
     * Whether the chain goes further in the log, or ends otherwise in the same place: an opening that said so would hold the log to
     * less than it has. A head that the log falls short of is recorded: an end was cut off, or somebody wrote into this table by
     * hand, and either is to be found.
     */
    private boolean isRefuted(AuditHead head) {
        List<Link> group = lastGroup(head.chain());
        if (group.isEmpty()) {
            return false;
        }
        long last = group.get(group.size() - 1).sequence();
        return last == head.sequence()
                ? !AuditHead.linkOf(group.stream().map(Link::hash).toList()).equals(head.link())
                : last > head.sequence();
    }

    /** The entries of a chain's last group, in the order of their sequence; of one that has too many the last alone. */
    private List<Link> lastGroup(String chain) {
        for (int most = FEW; most <= MOST_IN_A_GROUP; most *= MORE) {
            List<Link> backwards = session.ask(SqlQuery.of(LAST_OF_CHAIN, Link::of, chain, (long) most));
            int size = run(backwards);
            if (size < most) {
                List<Link> group = new ArrayList<>(backwards.subList(0, size));
                Collections.reverse(group);
                return group;
            }
        }
        return session.ask(SqlQuery.of(LAST_OF_CHAIN, Link::of, chain, 1L));
    }

    /** How many from the first on follow the same group. */
    private static int run(List<Link> links) {
        int size = 0;
        while (size < links.size()
                && Objects.equals(links.get(size).previous(), links.get(0).previous())) {
            size++;
        }
        return size;
    }

    /** Keeps where a chain stands now. */
    void put(AuditHead head) {
        session.run(SqlStep.any(PUT, head.chain(), head.sequence(), head.link(), MOST_TURNS));
    }
}
