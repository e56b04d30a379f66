package io.qscope.tck;

import io.qscope.store.Storage;
import java.util.UUID;

/** The memory engine with one promise broken, as a third party would hand it to the kit. */
abstract class SabotagedEngine extends StorageContract implements Sabotage {

    @Override
    protected final String newLocation() {
        return "memory:" + UUID.randomUUID();
    }

    @Override
    protected final Storage open(String location) {
        return Sabotage.of(Storage.open(location), this);
    }

    /** Each round takes another table; the broken ones are found in the first rounds. */
    @Override
    protected final int rounds() {
        return 8;
    }

    @Override
    final int patienceSeconds() {
        return 2;
    }
}
