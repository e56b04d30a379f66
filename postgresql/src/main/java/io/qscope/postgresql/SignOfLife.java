package io.qscope.postgresql;

import io.qscope.model.RayId;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlSchema;
import io.qscope.store.Health;
import java.time.Duration;

/** What the server says when it is asked for its health. */
record SignOfLife(String version, String schemaVersion, ServerState state) {

    private static final SqlQuery<SignOfLife> QUERY = SqlQuery.of(
            "SELECT current_setting('server_version'), (SELECT max(version::int)::text FROM " + SqlSchema.HISTORY
                    + "), " + ServerState.COLUMNS,
            row -> new SignOfLife(
                    String.valueOf(row.text(0)),
                    String.valueOf(row.text(1)),
                    ServerState.of(column -> row.text(2 + column))));

    /** Asks now; what the server keeps is known anew with the answer. */
    static SqlRead<SignOfLife, Health> asked(Servers servers, RayId rayId) {
        long asked = System.nanoTime();
        return SqlRead.of(
                QUERY,
                found -> {
                    SignOfLife sign = found.get(0);
                    servers.isAs(sign.state());
                    return new Health(
                            "PostgreSQL " + sign.version(),
                            sign.schemaVersion(),
                            Duration.ofNanos(System.nanoTime() - asked));
                },
                rayId);
    }
}
