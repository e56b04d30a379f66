package io.qscope.store;

import io.qscope.key.KeyRing;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a storage is opened with beside its URL: what does not belong into one. Immutable.
 */
public final class StorageOptions {

    private final @Nullable Supplier<KeyRing> keys;

    private final @Nullable StorageListener listener;

    private StorageOptions(@Nullable Supplier<KeyRing> keys, @Nullable StorageListener listener) {
        this.keys = keys;
        this.listener = listener;
    }

    /** No keys: entries of the audit log are stored, and not chained. No listener either. */
    public static StorageOptions none() {
        return new StorageOptions(null, null);
    }

    /** With a key ring that stays as it is. */
    public static StorageOptions with(KeyRing keys) {
        Objects.requireNonNull(keys, "keys");
        return with(() -> keys);
    }

    /** With a callback for the key ring, by which the entries of the audit log are chained; it must answer at once. */
    public static StorageOptions with(Supplier<KeyRing> keys) {
        return new StorageOptions(Objects.requireNonNull(keys, "keys"), null);
    }

    /** The key ring. */
    public Optional<Supplier<KeyRing>> keys() {
        return Optional.ofNullable(keys);
    }

    /** The same options with a listener, which is told of every call. */
    public StorageOptions listener(StorageListener told) {
        return new StorageOptions(keys, Objects.requireNonNull(told, "told"));
    }

    /** The listener. */
    public Optional<StorageListener> listener() {
        return Optional.ofNullable(listener);
    }
}
