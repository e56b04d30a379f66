package io.qscope.postgresql;

import io.qscope.store.Storage;
import io.qscope.tck.StorageContract;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL engine keeps the contract. */
class PostgresqlStorageTest extends StorageContract {

    /** The whole kit through a PgBouncer, when asked for (docs/postgresql.md). */
    private static final @Nullable PgBouncer POOLER =
            Boolean.getBoolean("qscope.postgresql.pgbouncer") ? PgBouncer.forAllTests() : null;

    /** How many calls may travel together, when that is asked for: with 1, none (docs/postgresql.md). */
    private static final @Nullable Integer GROUP = Integer.getInteger("qscope.postgresql.group");

    @Override
    protected String newLocation() {
        String schema = TestServer.newSchema();
        String location = POOLER == null
                ? TestServer.location(schema)
                : TestServer.location(POOLER.port(), schema) + "&pgbouncer=true";
        // What the kit calls in time is not to depend on how busy the machine is.
        return location + "&call_timeout=60&connect_timeout=60" + (GROUP == null ? "" : "&max_group_size=" + GROUP);
    }

    @Override
    protected Storage open(String location) {
        return Storage.open(location);
    }

    /** As many connections write. */
    @Override
    protected int lanes() {
        return 8;
    }

    /** Every round is a few round trips and commits; the long proof runs more (docs/postgresql.md). */
    @Override
    protected int rounds() {
        return Integer.getInteger("qscope.tck.rounds", 16);
    }
}
