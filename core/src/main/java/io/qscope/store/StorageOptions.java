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

    private StorageOptions(@Nullable Supplier<KeyRing> keys) {
        this.keys = keys;
    }

    /** No keys: entries of the audit log are stored, and not chained. */
    public static StorageOptions none() {
        return new StorageOptions(null);
    }

    /** With a key ring that stays as it is. */
    public static StorageOptions with(KeyRing keys) {
        Objects.requireNonNull(keys, "keys");
        return with(() -> keys);
    }

    /** With a callback for the key ring, by which the entries of the audit log are chained; it must answer at once. */
    public static StorageOptions with(Supplier<KeyRing> keys) {
        return new StorageOptions(Objects.requireNonNull(keys, "keys"));
    }

    /** The key ring. */
    public Optional<Supplier<KeyRing>> keys() {
        return Optional.ofNullable(keys);
    }
}
