package io.qscope.sql;

import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code oauth_audit_heads}: where each chain stands that no opening has recorded yet. Whoever has the database can write there
 * what he likes, so nothing in it is believed, and none of it may keep an entry from being written.
 */
final class SqlAuditHeads {

    private static final String NEXT = """
            SELECT chain, sequence, link FROM oauth_audit_heads WHERE chain IS NOT NULL ORDER BY chain LIMIT $1""";

    private static final String TAKE = "DELETE FROM oauth_audit_heads WHERE chain = $1";

    private static final String PUT = """
            INSERT INTO oauth_audit_heads (chain, sequence, link) VALUES ($1, $2, $3)
            ON CONFLICT (chain) DO UPDATE SET sequence = excluded.sequence, link = excluded.link""";

    private final SqlSession session;

    SqlAuditHeads(SqlSession session) {
        this.session = session;
    }

    /** A row as it stands there. */
    private record Kept(
            String chain, @Nullable Long sequence, @Nullable String link) {

        static Kept of(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new Kept(values.text(), values.optionalNumber(), values.optionalText());
        }

        Optional<AuditHead> head() {
            return AuditHead.ofLane(chain, sequence, link);
        }
    }

    /** Takes out the heads that the next opening records. What no lane wrote is taken out too, and not recorded. */
    List<AuditHead> take() {
        List<AuditHead> heads = new ArrayList<>();
        for (Kept kept : session.ask(SqlQuery.of(NEXT, Kept::of, (long) AuditLane.MOST_HEADS))) {
            session.run(SqlStep.any(TAKE, kept.chain()));
            kept.head().ifPresent(heads::add);
        }
        return heads;
    }

    /** Keeps where a chain stands now. */
    void put(AuditHead head) {
        session.run(SqlStep.any(PUT, head.chain(), head.sequence(), head.link()));
    }
}
