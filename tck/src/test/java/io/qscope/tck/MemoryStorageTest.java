package io.qscope.tck;

import io.qscope.store.Storage;
import java.util.UUID;

/** The memory engine keeps the contract. */
class MemoryStorageTest extends StorageContract {

    @Override
    protected String newLocation() {
        return "memory:" + UUID.randomUUID();
    }

    @Override
    protected Storage open(String location) {
        return Storage.open(location);
    }

    /** Half of what the kit does by itself: this runs with every change. */
    @Override
    protected int rounds() {
        return Integer.getInteger("qscope.tck.rounds", 100);
    }
}
