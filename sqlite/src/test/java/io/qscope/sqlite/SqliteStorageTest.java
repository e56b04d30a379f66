package io.qscope.sqlite;

import io.qscope.store.Storage;
import io.qscope.tck.StorageContract;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The SQLite engine keeps the contract. */
class SqliteStorageTest extends StorageContract {

    /** How many writes may share a commit, when that is asked for: with 1, each has its own. */
    private static final @Nullable Integer GROUP = Integer.getInteger("qscope.sqlite.group");

    @TempDir
    static Path folder;

    @Override
    protected String newLocation() {
        return "sqlite:" + folder.resolve(UUID.randomUUID() + ".db");
    }

    @Override
    protected Storage open(String location) {
        return GROUP == null
                ? Storage.open(location)
                : SqliteStorage.builder(Path.of(location.substring("sqlite:".length())))
                        .maxGroupSize(GROUP)
                        .open();
    }

    /** Half of what the kit does by itself: this runs with every change. */
    @Override
    protected int rounds() {
        return Integer.getInteger("qscope.tck.rounds", 100);
    }
}
