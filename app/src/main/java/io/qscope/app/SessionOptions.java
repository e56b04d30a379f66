package io.qscope.app;

import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import picocli.CommandLine.Mixin;

/** The options of every command that works on a storage. */
public final class SessionOptions {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private StorageOption storage;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private KeysOption keys;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ActorOptions actor;

    /** The option {@code --storage}. */
    public StorageOption storage() {
        return storage;
    }

    /**
     * Opens the storage with the key ring, and the services over it.
     *
     * @param make whether a SQLite database that does not exist is made
     */
    public Session open(Console console, boolean make) {
        storage.check();
        RayId ray = actor.rayId();
        String by = actor.by();
        if (!make) {
            storage.requireExisting(ray);
        }
        KeyRing ring = keys.ring(storage, console);
        return new Session(console, storage.open(ring), ring, ray, by);
    }
}
