package io.qscope.sql;

import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditLane;
import java.util.List;
import java.util.Optional;

/**
 * {@code oauth_audit_heads}: where each chain stands that no opening has recorded yet. Whoever has the database can write there
 * what he likes. None of it may keep an entry from being written; and what has the form of a head is recorded, whatever the log
 * says: where the log falls short of it, an end was cut off or this table written by hand, and either is to be found.
 */
final class SqlAuditHeads {

    /**
     * Takes out those first that have not changed for the longest time: a chain that ended is passed over by none that goes on.
     * One statement, so that a name which does not survive being read and sent back is taken out all the same.
     */
    private static final String TAKE = """
            WITH due AS MATERIALIZED (
                 SELECT chain FROM oauth_audit_heads WHERE turn >= $1 AND chain IS NOT NULL
                  ORDER BY turn, chain LIMIT $2 %s)
            DELETE FROM oauth_audit_heads WHERE chain %s (SELECT chain FROM due)
            RETURNING chain, sequence, link""".formatted(SqlDialect.SKIPPING_LOCKED, SqlDialect.IN_FOUND);

    private static final String PUT = """
            INSERT INTO oauth_audit_heads (chain, sequence, link, turn)
            VALUES ($1, $2, $3, (SELECT coalesce(max(turn), 0) + 1 FROM oauth_audit_heads WHERE turn < $4))
            ON CONFLICT (chain) DO UPDATE SET sequence = excluded.sequence, link = excluded.link, turn = excluded.turn""";

    /** No lane comes so far; one that starts from the greatest number, written by hand, would find none after it. */
    private static final long MOST_TURNS = 1L << 60;

    private final SqlSession session;

    SqlAuditHeads(SqlSession session) {
        this.session = session;
    }

    /** Takes out the heads that the next opening records. Rows that no lane wrote are taken out too, and not recorded. */
    List<AuditHead> take() {
        return session.ask(SqlQuery.of(TAKE, SqlAuditHeads::head, Long.MIN_VALUE, (long) AuditLane.MOST_HEADS)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<AuditHead> head(SqlRow row) {
        SqlValues values = SqlValues.of(row);
        return AuditHead.ofLane(values.optionalText(), values.optionalNumber(), values.optionalText());
    }

    /** Keeps where a chain stands now. */
    void put(AuditHead head) {
        session.run(SqlStep.any(PUT, head.chain(), head.sequence(), head.link(), MOST_TURNS));
    }
}
