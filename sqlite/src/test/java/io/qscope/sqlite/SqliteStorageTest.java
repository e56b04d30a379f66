package io.qscope.sqlite;

import io.qscope.store.Storage;
import io.qscope.tck.StorageContract;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** The SQLite engine keeps the contract. */
class SqliteStorageTest extends StorageContract {

    @TempDir
    static Path folder;

    @Override
    protected String newLocation() {
        return "sqlite:" + folder.resolve(UUID.randomUUID() + ".db");
    }

    @Override
    protected Storage open(String location) {
        return Storage.open(location);
    }
}
