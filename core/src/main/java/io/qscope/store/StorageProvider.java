package io.qscope.store;

import io.qscope.model.RayId;
import java.util.List;

/** How {@link Storage#open} finds an engine: a service in {@code META-INF/services}. */
public interface StorageProvider {

    /** What its URLs start with, up to the first colon: {@code sqlite}. */
    String scheme();

    /**
     * Opens a storage.
     *
     * @param url a whole URL of this scheme
     * @param options what does not belong into a URL
     * @return the storage, which its opener closes
     * @throws IllegalArgumentException when the URL is malformed, saying what is expected, or the engine cannot do what the
     *     options ask for: one that does not keep {@link Guarantee#AUDIT_LOG_CHAINED} refuses keys, since whoever gives them
     *     relies on the chain
     * @throws StorageException when what it names cannot be used, naming it and the cause; it is left unharmed
     */
    Storage open(String url, StorageOptions options);

    /**
     * {@link Storage#pendingMigrations}: what {@link #open} or {@link Storage#migrate} would run. Changes and creates nothing.
     *
     * @param url a whole URL of this scheme
     * @return the scripts in order; by default none, for an engine without a schema
     * @throws IllegalArgumentException as {@link #open}
     * @throws StorageException when {@link #open} would refuse what the URL names
     */
    default List<MigrationScript> pendingMigrations(String url) {
        return List.of();
    }

    /**
     * {@link Storage#runMigrations}.
     *
     * @param url a whole URL of this scheme
     * @return what was done; by default, for an engine that migrates when it is opened, what is there afterwards
     * @throws IllegalArgumentException as {@link #open}
     * @throws StorageException when what the URL names cannot be migrated
     */
    default Migration runMigrations(String url) {
        try (Storage storage = open(url, StorageOptions.none())) {
            return storage.migrate(RayId.random()).join();
        }
    }
}
