package io.qscope.postgresql;

import io.qscope.store.Storage;
import io.qscope.tck.StorageContract;

/** The PostgreSQL engine keeps the contract. */
class PostgresqlStorageTest extends StorageContract {

    @Override
    protected String newLocation() {
        // What the kit calls in time is not to depend on how busy the machine is.
        return TestServer.location(TestServer.newSchema()) + "&call_timeout=60&connect_timeout=60";
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
        return Integer.getInteger("qscope.postgresql.rounds", 16);
    }
}
