package io.qscope.tck;

import io.qscope.key.KeyRing;
import io.qscope.store.Storage;
import io.qscope.store.StorageListener;
import io.qscope.store.StorageOptions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The memory engine with one promise broken, as a third party would hand it to the kit. */
abstract class SabotagedEngine extends StorageContract implements Sabotage {

    private record Opened(String location, StorageOptions options) {}

    private final Map<Storage, Opened> opened = new ConcurrentHashMap<>();
    private final Map<String, Supplier<KeyRing>> keys = new ConcurrentHashMap<>();

    @Override
    protected final String newLocation() {
        return "memory:" + UUID.randomUUID();
    }

    @Override
    protected final Storage open(String location) {
        return open(location, StorageOptions.none());
    }

    @Override
    protected final Storage open(String location, StorageOptions options) {
        Storage honest =
                Storage.open(location, options.keys().map(StorageOptions::with).orElse(StorageOptions.none()));
        opened.put(honest, new Opened(location, options));
        options.keys().ifPresent(given -> keys.put(location, given));
        return Sabotage.of(honest, this, options.listener().map(this::told).orElse(null));
    }

    @Override
    public CompletableFuture<?> answer(Call call) {
        return call.future();
    }

    /** Somebody between a storage and its listener. */
    StorageListener told(StorageListener listener) {
        return listener;
    }

    /** Where an honest storage was opened. */
    final String locationOf(Storage honest) {
        return Objects.requireNonNull(opened.get(honest)).location();
    }

    /** The keys that an honest storage was opened with. */
    final Optional<KeyRing> keysOf(Storage honest) {
        return Objects.requireNonNull(opened.get(honest)).options().keys().map(Supplier::get);
    }

    /** The keys that any storage there was opened with last. */
    final KeyRing keysAt(String location) {
        return Objects.requireNonNull(keys.get(location)).get();
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
